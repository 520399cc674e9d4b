package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Replicas that share one PostgreSQL database, and are killed, stopped and cut off from it.
///
/// The soak is short unless told otherwise: `-Dsigwarden.soak.replicas=PT1H`; `-Dsigwarden.seed=…`
/// repeats a run's dice.
class ReplicasIT {
  private static final Duration SOAK =
      Duration.parse(System.getProperty("sigwarden.soak.replicas", "PT1M"));
  private static final int LOGS = 4;
  private static final int ENTRIES = 300;

  /// Entries by which logs grow at most in one step of the soak: an hour of it finds fewer than are
  /// told one by one.
  private static final int STEP = 40;

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
      cluster.signal(0, "CONT");
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.awaitShared(2);
      cluster.stop(0);
      cluster.stop(1);
      cluster.assertNothingLostNorInvented();
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
      cluster.assertNothingLostNorInvented();
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
      cluster.assertNothingLostNorInvented();
    }
  }

  @Test
  void three_replicas_of_which_one_after_another_fails_find_everything_once() {
    long seed = Long.getLong("sigwarden.seed", System.nanoTime());
    System.out.println("ReplicasIT seed " + seed);
    Random dice = new Random(seed);
    try (Cluster cluster = new Cluster(folder, 2 * LOGS, 3)) {
      IntStream.range(0, cluster.replicas()).forEach(cluster::start);
      cluster.grow(STEP);
      cluster.awaitShared(cluster.replicas());
      long end = System.nanoTime() + SOAK.toNanos();
      int rounds = 0;
      do {
        fail(cluster, dice.nextInt(cluster.replicas()), dice.nextInt(4), dice);
        cluster.awaitAllTold();
        rounds++;
      } while (System.nanoTime() < end);
      cluster.awaitShared(cluster.replicas());
      System.out.printf("ReplicasIT: %d rounds, shares %s%n", rounds, cluster.shares());
      Set<Integer> all = IntStream.range(0, cluster.replicas()).boxed().collect(Collectors.toSet());
      all.forEach(cluster::stop);
      cluster.assertNothingLostNorInvented();
    }
  }

  /// One replica fails while the logs grow, and is well again before or after the others have done
  /// its work.
  private static void fail(Cluster cluster, int replica, int how, Random dice) {
    boolean soon = dice.nextBoolean();
    cluster.awaitStarted(replica);
    cluster.grow(1 + dice.nextInt(STEP));
    switch (how) {
      case 0 -> cluster.kill(replica);
      case 1 -> cluster.signal(replica, "STOP");
      case 2 -> cluster.way(replica).block();
      default -> cluster.stop(replica);
    }
    cluster.grow(1 + dice.nextInt(STEP));
    if (!soon) {
      cluster.awaitAllTold();
    }
    switch (how) {
      case 1 -> cluster.signal(replica, "CONT");
      case 2 -> cluster.way(replica).pass();
      default -> cluster.start(replica);
    }
  }
}
