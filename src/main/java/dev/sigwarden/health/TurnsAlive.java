package dev.sigwarden.health;

import dev.sigwarden.tail.LogStatus;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/// Alive: every log's turns go on ending, well or not. A turn that hangs is cured by a restart,
/// which loses nothing; a log that is down is not, and does not count here.
@Liveness
@Singleton
final class TurnsAlive implements HealthCheck {
  /// How long no turn may end: longer than the longest read of one call and the longest turn
  /// together.
  private static final Duration HUNG = Duration.ofMinutes(10);

  private final RunningDaemon running;
  private final Clock clock = Clock.systemUTC();

  /// When a log was met first that has had no turn here, since it may have been another replica's.
  private final Map<String, Instant> met = new ConcurrentHashMap<>();

  TurnsAlive(RunningDaemon running) {
    this.running = running;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("turns end");
    boolean alive = true;
    List<LogStatus> logs = running.get().logs();
    met.keySet().retainAll(logs.stream().map(LogStatus::log).toList());
    for (LogStatus log : logs) {
      Duration patience =
          HUNG.plus(running.get().configuration().poll(log.log()).orElse(Duration.ZERO));
      Instant now = clock.instant();
      Instant first = met.computeIfAbsent(log.log(), _ -> now);
      Duration since = Duration.between(log.lastTurn().orElse(first), now);
      if (since.compareTo(patience) > 0) {
        alive = false;
        answer.withData(log.log(), "no turn ended for " + since);
      }
    }
    return answer.status(alive).build();
  }
}
