package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.tail.LogStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several logs in one process: what one of them does keeps no alert of another.
class FairnessIT {
  /// By how much the other log grows with each request for entries: more than one answer holds.
  private static final int GROWTH = 300;

  /// Alerts of the quiet log, each waited for.
  private static final int ALERTS = 5;

  @TempDir private Path folder;

  private final Clock clock = Clock.systemUTC();
  private final SimulatedLog quiet = new SimulatedLog(clock, 0, "quiet.simulated.example");
  private final SimulatedLog busy = new SimulatedLog(clock, 0, "busy.simulated.example");
  private final WebhookReceiver hook = new WebhookReceiver(ConfigFile.SECRET, clock);
  private Daemon daemon;

  @BeforeEach
  void start() {
    ConfigFile config =
        new ConfigFile(folder, quiet.url().toString(), quiet.vkey(), hook.url().toString());
    // Slow enough that the endless log fits into memory for as long as this takes.
    config
        .requests("{at-once: 4, per-second: 60, deadline: 60s}")
        .route("{receivers: [hook]}")
        .secondLog(busy.url().toString(), busy.vkey());
    daemon = Daemon.open(Configuration.load(config.save(), Map.of()).value().orElseThrow(), clock);
  }

  @AfterEach
  void close() {
    daemon.close();
    hook.close();
    busy.close();
    quiet.close();
  }

  private void assertAlertsArrive() {
    for (int alert = 1; alert <= ALERTS; alert++) {
      int expected = alert;
      quiet.append(Entries.watched("artifact " + alert));
      await("alert " + alert)
          .atMost(WholeProgram.PATIENCE)
          .until(() -> hook.acceptedIds().size() == expected);
    }
  }

  private LogStatus status() {
    return daemon.logs().stream()
        .filter(log -> log.log().equals(ConfigFile.SECOND))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void endless_backlog_of_one_log_keeps_no_alert_of_another() {
    grow();
    // Each request for entries lets it grow by more than is answered.
    Fault growing =
        (_, honest) -> {
          grow();
          return honest;
        };
    busy.inject(growing.on(Fault::bundles));
    daemon.start();
    await("entries of the backlog")
        .atMost(WholeProgram.PATIENCE)
        .until(() -> status().position() > 0);
    long before = status().position();

    assertAlertsArrive();

    assertThat(status().position()).isLessThan(busy.log().published());
    await("the backlog is read on")
        .atMost(WholeProgram.PATIENCE)
        .until(() -> status().position() > before);
  }

  private synchronized void grow() {
    for (int i = 0; i < GROWTH; i++) {
      busy.log().append(Entries.other(busy.log().size()));
    }
    busy.log().publish();
  }

  @Test
  void log_whose_entries_never_come_keeps_no_alert_of_another() {
    CountDownLatch end = new CountDownLatch(1);
    grow();
    Fault held =
        (_, honest) -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return honest;
        };
    busy.inject(held.on(Fault::bundles));
    daemon.start();
    try {
      await("a request for entries")
          .atMost(WholeProgram.PATIENCE)
          .until(() -> busy.requests(Fault::bundles) > 0);

      assertAlertsArrive();

      assertThat(status().position()).isZero();
    } finally {
      end.countDown();
    }
  }
}
