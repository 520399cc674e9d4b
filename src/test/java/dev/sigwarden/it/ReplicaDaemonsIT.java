package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.store.Deed;
import dev.sigwarden.watch.Submission;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two daemons of this process on one PostgreSQL database, each on a machine of its own by its
/// clock and its way to the database.
class ReplicaDaemonsIT {
  private static final int LOGS = 3;
  private static final int ENTRIES = 100;
  private static final int ROUNDS = 5;

  @TempDir private Path folder;
  private final Clock clock = Clock.systemUTC();

  @Test
  void replica_whose_clock_is_an_hour_ahead_finds_and_tells_by_the_same_time() {
    Instant start = clock.instant();
    try (Cluster cluster = new Cluster(folder, LOGS, 2);
        Daemon _ = cluster.startHere(0, clock);
        Daemon _ = cluster.startHere(1, Clock.offset(clock, Duration.ofHours(1)))) {
      cluster.awaitShared(2);
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.assertNothingLostNorInvented();
      assertThat(cluster.findings())
          .extracting(it -> it.alert().firstSeen())
          .allSatisfy(seen ->
              assertThat(seen).isBetween(start.minusSeconds(5), clock.instant().plusSeconds(5)));
    }
  }

  @Test
  void replica_that_is_cut_off_is_taken_over_and_takes_part_again() {
    try (Cluster cluster = new Cluster(folder, LOGS, 2);
        Daemon cut = cluster.startHere(0, clock);
        Daemon other = cluster.startHere(1, clock)) {
      cluster.awaitShared(2);
      cluster.grow(ENTRIES);
      cluster.way(0).block();
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.until("the other has all logs", () -> other.logs().size() == LOGS);
      cluster.until("it believes in none", () -> cut.logs().isEmpty());
      cluster.way(0).pass();
      cluster.awaitShared(2);
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      assertThat(cut.logs().size() + other.logs().size()).isEqualTo(LOGS);
      cluster.assertNothingLostNorInvented(Kind.DATABASE_AWAY);
    }
  }

  @Test
  void condition_that_one_replica_opened_is_ended_by_the_one_that_takes_over() {
    try (Cluster cluster = new Cluster(folder, 1, 2)) {
      SimulatedLog log = cluster.logs().get("log-0");
      Daemon first = cluster.startHere(0, clock);
      try (Daemon second = cluster.startHere(1, clock)) {
        cluster.grow(ENTRIES);
        cluster.awaitAllTold();
        log.down();
        cluster.until(
            "both know that it is unreachable",
            () -> !first.conditions().isEmpty() && !second.conditions().isEmpty());
        first.close();
        log.up();
        cluster.until("it is over", () -> second.conditions().isEmpty());
        cluster.awaitAllTold();
        cluster.assertNothingLostNorInvented();
      } finally {
        first.close();
      }
    }
  }

  @Test
  void line_handed_in_at_one_replica_counts_for_entries_logged_after_it_at_every_other() {
    try (Cluster cluster = new Cluster(folder, LOGS, 2).expecting();
        Daemon one = cluster.startHere(0, clock);
        Daemon other = cluster.startHere(1, clock)) {
      cluster.awaitShared(2);
      for (int round = 1; round <= ROUNDS; round++) {
        String release = "release " + round;
        String line = "sha256:" + Entries.digest(release);
        Deed deed = new Deed("token:ci", "release", "", "allowlist.add", "acme", release, line);
        Daemon asked = round % 2 == 0 ? one : other;
        assertThat(asked.store().desk().allow("acme", Map.of(line, ""), deed, false, List.of()))
            .isEqualTo(1);
        for (SimulatedLog log : cluster.logs().values()) {
          log.log().append(Entries.watched(release));
          log.log().publish();
        }
        Map<String, Long> expected = Map.of("expected", (long) round * LOGS);
        cluster.until(
            "all are judged as expected: " + cluster.findings(),
            () -> one.store().verdicts("acme-release").equals(expected));
      }
      assertThat(cluster.findings()).isEmpty();
    }
  }

  @Test
  void release_that_none_of_the_shared_logs_has_is_missed_once() throws Exception {
    try (Cluster cluster = new Cluster(folder, LOGS, 2).expecting();
        Daemon one = cluster.startHere(0, clock);
        Daemon other = cluster.startHere(1, clock)) {
      cluster.awaitShared(2);
      Instant due = clock.instant().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
      String line = "due:%s sha256:%s".formatted(due, Entries.digest("never logged"));
      Deed deed = new Deed("token:ci", "release", "", "allowlist.add", "acme", "1.4", line);
      Submission submission = Submission.parse(line.getBytes(StandardCharsets.UTF_8));
      assertThat(one.store().desk().allow("acme", submission, deed, false, List.of())).isEqualTo(1);
      cluster.until("it is missed", () -> !other.store().findings(10).isEmpty());
      assertThat(one.store().findings(10))
          .singleElement()
          .satisfies(
              finding -> assertThat(finding.alert().kind()).isEqualTo(Kind.EXPECTED_ENTRY_MISSING));
      assertThat(one.store().desk().expected().readings().values())
          .hasSize(LOGS)
          .allSatisfy(through -> assertThat(through).isAfterOrEqualTo(due));
    }
  }
}
