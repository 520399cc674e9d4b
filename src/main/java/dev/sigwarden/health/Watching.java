package dev.sigwarden.health;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.store.StoreException;
import dev.sigwarden.tail.LogStatus;
import dev.sigwarden.text.Sanitizer;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Ready: the database answers and takes what is written, of every family it is known which logs it
/// has, every log was proven at least once since the start, and none is unreachable, stale or
/// falling behind. While this is down, silence does not mean that all is well.
@Readiness
@Singleton
final class Watching implements HealthCheck {
  private final RunningDaemon running;

  Watching(RunningDaemon running) {
    this.running = running;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("watching and telling");
    Daemon daemon = running.get();
    boolean ready = daemon.started();
    if (!ready) {
      answer.withData("start", "nothing is followed yet");
    }
    try {
      daemon.queues();
      if (daemon.store().trouble().isPresent()) {
        ready = false;
        answer.withData(
            "database", "does not take writes: " + Sanitizer.clean(daemon.store().trouble().get()));
      }
    } catch (StoreException e) {
      ready = false;
      answer.withData(
          "database", "does not answer: " + Sanitizer.clean(String.valueOf(e.getMessage())));
    }
    for (LogStatus log : daemon.logs()) {
      if (log.lastProven().isEmpty()) {
        ready = false;
        answer.withData(
            log.log(),
            "not proven yet since the start"
                + (log.error().isEmpty() ? "" : ": " + Sanitizer.clean(log.error())));
      }
    }
    for (String task : daemon.ownerless()) {
      ready = false;
      answer.withData(task, "no replica has it");
    }
    for (String family : daemon.unlisted()) {
      ready = false;
      answer.withData(family, "which logs it has is not known yet since the start");
    }
    for (Alert condition : daemon.conditions()) {
      if (hinders(condition.kind())) {
        ready = false;
        answer.withData(
            (condition.kind().label() + " " + condition.log()).strip(), condition.why());
      }
    }
    return answer.status(ready).build();
  }

  private static boolean hinders(Kind kind) {
    return switch (kind) {
      case LOG_UNREACHABLE,
          CHECKPOINT_STALE,
          MERGE_DELAY_MISSED,
          WITNESS_STALE,
          LOG_BACKLOG,
          CONFIG_REJECTED,
          INTERNAL_ERROR,
          DELIVERY_FAILING ->
          true;
      default -> false;
    };
  }
}
