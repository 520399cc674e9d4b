package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.sim.OwnPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three replicas on logs that grow, of which one after another fails in any way, and their
/// database with them: everything is found once, and no log waits for longer than it takes to
/// notice and to take over.
///
/// Short unless told otherwise: `-Dsigwarden.soak.replicas=PT1H`; `-Dsigwarden.seed=…` repeats a
/// run's dice.
class ReplicaSoakIT {
  private static final Duration SOAK =
      Duration.parse(System.getProperty("sigwarden.soak.replicas", "PT20S"));
  private static final int LOGS = 8;
  private static final int REPLICAS = 3;

  /// Entries by which logs grow at most in one step.
  private static final int STEP = 40;

  /// The ways to fail.
  private enum Fault {
    KILLED,
    STOPPED,
    PAUSED,
    CUT_OFF,
    UNHEARD,
    SERVER_CRASHED,
    NONE
  }

  @TempDir private Path folder;

  @Test
  void three_replicas_of_which_one_after_another_fails_find_everything_once() {
    long seed = Long.getLong("sigwarden.seed", System.nanoTime());
    System.out.println("ReplicaSoakIT seed " + seed);
    Random dice = new Random(seed);
    try (OwnPostgres server = OwnPostgres.in(folder.resolve("data"), Map.of()).start()) {
      server.execute("CREATE DATABASE sigwarden");
      try (Cluster cluster = new Cluster(folder, LOGS, REPLICAS, server.database("sigwarden"))) {
        List<Integer> all = IntStream.range(0, REPLICAS).boxed().toList();
        all.forEach(cluster::start);
        cluster.grow(STEP);
        cluster.awaitShared(REPLICAS);
        long end = System.nanoTime() + SOAK.toNanos();
        int rounds = 0;
        do {
          Fault fault = Fault.values()[dice.nextInt(Fault.values().length)];
          round(cluster, server, dice.nextInt(REPLICAS), fault, dice);
          cluster.awaitAllTold();
          cluster.measure();
          rounds++;
        } while (System.nanoTime() < end);
        all.forEach(cluster::awaitStarted);
        cluster.awaitShared(REPLICAS);
        cluster.measure();
        System.out.printf(
            "ReplicaSoakIT: %d rounds, %d findings, shares %s%n%s%n",
            rounds, cluster.findings().size(), cluster.shares(), cluster.figures().words());
        cluster.awaitCalm();
        all.forEach(cluster::stop);
        cluster.assertNothingLostNorInvented();
        assertThat(cluster.figures().longest()).isLessThan(Cluster.PATIENCE);
      }
    }
  }

  /// Something fails while the logs grow, and is well again before or after the others have done
  /// its work.
  private static void round(
      Cluster cluster, OwnPostgres server, int replica, Fault fault, Random dice) {
    boolean soon = dice.nextBoolean();
    cluster.awaitStarted(replica);
    cluster.grow(1 + dice.nextInt(STEP));
    switch (fault) {
      case KILLED -> cluster.kill(replica);
      case STOPPED -> cluster.stop(replica);
      case PAUSED -> cluster.signal(replica, "STOP");
      case CUT_OFF -> cluster.way(replica).block();
      case UNHEARD -> cluster.way(replica).hold();
      case SERVER_CRASHED -> server.crash();
      case NONE -> cluster.measure();
    }
    cluster.grow(1 + dice.nextInt(STEP));
    if (!soon && fault != Fault.SERVER_CRASHED) {
      cluster.awaitAllTold();
    }
    switch (fault) {
      case KILLED, STOPPED -> cluster.start(replica);
      case PAUSED -> cluster.signal(replica, "CONT");
      case CUT_OFF, UNHEARD -> cluster.way(replica).pass();
      case SERVER_CRASHED -> server.start();
      case NONE -> cluster.measure();
    }
  }
}
