package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Replicas that share one PostgreSQL database, and are killed, stopped and cut off from it.
///
/// A paused one is paused for as long as others take to do its work, and
/// `-Dsigwarden.replicas.pause=PT2M` longer.
class ReplicasIT {
  private static final int LOGS = 4;
  private static final int ENTRIES = 300;

  private static final Duration PAUSE =
      Duration.parse(System.getProperty("sigwarden.replicas.pause", "PT0S"));

  /// What a stop may take: twice what is promised, since the machine of a test has much else to do.
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @Test
  void replica_that_is_killed_is_taken_over_and_nothing_is_lost_or_doubled() {
    try (Cluster cluster = new Cluster(folder, LOGS, 2)) {
      cluster.start(0);
      cluster.start(1);
      cluster.grow(ENTRIES);
      cluster.awaitShared(2);
      cluster.grow(ENTRIES);
      cluster.kill(0);
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.stop(1);
      cluster.assertNothingLostNorInvented();
    }
  }

  @Test
  void replica_that_was_paused_and_believes_to_be_the_owner_overtakes_nobody() {
    try (Cluster cluster = new Cluster(folder, LOGS, 2)) {
      cluster.start(0);
      cluster.start(1);
      cluster.grow(ENTRIES);
      cluster.awaitShared(2);
      cluster.grow(ENTRIES);
      cluster.signal(0, "STOP");
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      Cluster.pause(PAUSE);
      cluster.signal(0, "CONT");
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.awaitShared(2);
      cluster.stop(0);
      cluster.stop(1);
      cluster.assertNothingLostNorInvented(Kind.DATABASE_AWAY);
    }
  }

  @Test
  void replica_that_is_cut_off_from_the_database_is_taken_over_and_comes_back() {
    try (Cluster cluster = new Cluster(folder, LOGS, 2)) {
      cluster.start(0);
      cluster.start(1);
      cluster.grow(ENTRIES);
      cluster.awaitShared(2);
      cluster.way(0).block();
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      assertThat(cluster.program(0)).isNotNull();
      cluster.way(0).pass();
      cluster.awaitShared(2);
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.stop(0);
      cluster.stop(1);
      cluster.assertNothingLostNorInvented(Kind.DATABASE_AWAY);
    }
  }

  @Test
  void database_that_is_away_and_comes_back_loses_and_doubles_nothing() {
    try (Cluster cluster = new Cluster(folder, LOGS, 2)) {
      cluster.start(0);
      cluster.start(1);
      cluster.grow(ENTRIES);
      cluster.awaitShared(2);
      cluster.grow(ENTRIES);
      cluster.way(0).block();
      cluster.way(1).block();
      cluster.grow(ENTRIES);
      cluster.until(
          "both say so",
          () ->
              IntStream.range(0, 2)
                  .allMatch(replica -> {
                    Program program = cluster.program(replica);
                    return program != null && program.err().contains("is not heard of");
                  }));
      cluster.way(0).pass();
      cluster.way(1).pass();
      cluster.awaitAllTold();
      cluster.stop(0);
      cluster.stop(1);
      cluster.assertNothingLostNorInvented(Kind.DATABASE_AWAY);
    }
  }

  @Test
  void replica_whose_database_says_nothing_ends_in_time_when_it_is_told_to() {
    try (Cluster cluster = new Cluster(folder, LOGS, 1)) {
      cluster.start(0);
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.way(0).hold();
      long asked = cluster.asked();
      cluster.grow(ENTRIES);
      cluster.until("a new head is seen", () -> cluster.asked() > asked);
      assertThat(stopped(cluster)).isLessThan(LONGEST_STOP);

      // The same while it starts.
      int before = cluster.way(0).connections();
      Program program = cluster.start(0);
      cluster.until("it is starting", () -> cluster.way(0).connections() > before);
      long began = System.nanoTime();
      program.terminate();
      assertThat(program.end().exit()).as(program.err()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST_STOP);

      cluster.way(0).pass();
      cluster.start(0);
      cluster.awaitAllTold();
      cluster.stop(0);
      cluster.assertNothingLostNorInvented();
    }
  }

  private static Duration stopped(Cluster cluster) {
    long began = System.nanoTime();
    cluster.stop(0);
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
