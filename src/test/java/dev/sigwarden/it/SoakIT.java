package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Twenty logs growing, receivers failing at random, restarts, and one log that lies in the end:
/// nothing is lost, nothing is doubled, and nothing grows but what was found.
///
/// Short unless told otherwise: `-Dsigwarden.soak=PT1H` soaks processes for an hour,
/// `-Dsigwarden.soak.simulated=PT12H` lets so much simulated time pass in this process, and
/// `-Dsigwarden.seed=…` repeats a run's dice.
class SoakIT {
  private static final Duration SOAK = duration("sigwarden.soak", "PT20S");
  private static final Duration SIMULATED = duration("sigwarden.soak.simulated", "PT1H");

  /// Steps of the world between two restarts.
  private static final int STEPS_PER_LIFE = 12;

  private static final Duration STEP = Duration.ofMillis(500);

  /// The longest step of simulated time: shorter than the time that a webhook's signature is good
  /// for.
  private static final int MOST_SECONDS = 180;

  /// What a life of the process takes of the time at most, once it is up.
  private static final int MOST_MILLIS_OF_LIFE = 15_000;

  // How much more a process may hold late in its life than early. Of memory: compiled code's data,
  // caches and pools that fill, none of which grows with entries or findings.
  private static final long HEAP_SLACK = 8L << 20;
  private static final long THREAD_SLACK = 8;

  /// Connections to twenty logs and three receivers come and go.
  private static final long HANDLE_SLACK = 2 * 23;

  // Bytes of the database for an entry that a watch selected, with its finding, evidence and two
  // deliveries; and for a head.
  private static final long BYTES_PER_SELECTED = 32 << 10;
  private static final long BYTES_PER_HEAD = 2 << 10;
  private static final long DATABASE_SLACK = 4L << 20;

  @TempDir private Path folder;

  private final Random random;

  SoakIT() {
    long seed = Long.getLong("sigwarden.seed", System.nanoTime());
    System.out.println("SoakIT seed " + seed);
    random = new Random(seed);
  }

  private static Duration duration(String property, String otherwise) {
    return Duration.parse(System.getProperty(property, otherwise));
  }

  @Test
  void hours_of_growth_failures_and_restarts_in_one_process() {
    assumeTrue(Footprint.available());
    long self = ProcessHandle.current().pid();
    SteppedClock clock = new SteppedClock();
    Duration passed = Duration.ZERO;
    int lives = 0;
    long threads = 0;
    long handles = 0;
    try (SoakWorld world = new SoakWorld(folder, clock, random)) {
      while (passed.compareTo(SIMULATED) < 0) {
        try (Daemon daemon = start(world, clock)) {
          for (int i = 0; i < STEPS_PER_LIFE; i++) {
            world.step();
            Duration step = Duration.ofSeconds(1 + random.nextInt(MOST_SECONDS));
            clock.pass(step);
            passed = passed.plus(step);
            pause(STEP);
          }
          world.awaitJudged(() -> true);
          assertThat(daemon.logs()).isNotEmpty();
        }
        lives++;
        if (lives == 1) {
          threads = Footprint.threads(self);
          handles = Footprint.handles(self);
        }
      }
      assertThat(Footprint.threads(self)).isLessThanOrEqualTo(threads + THREAD_SLACK);
      assertThat(Footprint.handles(self)).isLessThanOrEqualTo(handles + HANDLE_SLACK);
      try (Daemon daemon = start(world, clock)) {
        world.awaitJudged(() -> true);
        world.fork();
        world.step();
        world.awaitJudged(() -> true);
        world.awaitTold(() -> true, () -> clock.pass(Duration.ofSeconds(30)));
        assertThat(daemon.logs()).isNotEmpty();
      }
      world.assertNothingLostNorInvented();
      report(
          world,
          "%s simulated, %d lives; threads %d, then %d; handles %d, then %d"
              .formatted(
                  passed,
                  lives,
                  threads,
                  Footprint.threads(self),
                  handles,
                  Footprint.handles(self)));
    }
  }

  private static Daemon start(SoakWorld world, Clock clock) {
    Daemon daemon =
        Daemon.open(Configuration.load(world.config(), Map.of()).value().orElseThrow(), clock);
    daemon.start();
    return daemon;
  }

  @Test
  void processes_are_killed_and_stopped_and_one_that_stays_does_not_grow() {
    assumeTrue(Footprint.available());
    try (SoakWorld world = new SoakWorld(folder, Clock.systemUTC(), random)) {
      int lives = 0;
      long end = System.nanoTime() + SOAK.toNanos() / 3;
      while (System.nanoTime() < end) {
        try (Program program = run()) {
          live(world, program, Duration.ofMillis(random.nextInt(MOST_MILLIS_OF_LIFE)));
          if (random.nextInt(3) == 0) {
            stop(program);
          }
        }
        lives++;
      }
      try (Program program = run()) {
        stay(world, program, lives);
        stop(program);
      }
      world.assertNothingLostNorInvented();
    }
  }

  private Program run() {
    return Program.start(folder, "run", "--config", "sigwarden.yaml");
  }

  /// As a service manager does.
  private static void stop(Program program) {
    program.awaitErr("watching 20 logs");
    program.terminate();
    Program.Outcome outcome = program.end();
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
  }

  private static void live(SoakWorld world, Program program, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      world.step();
      pause(STEP);
      assertThat(program.isAlive()).as("ended by itself:\n" + program.err()).isTrue();
    }
  }

  /// The long life: measured after a third of it and at its end.
  private static void stay(SoakWorld world, Program program, int lives) {
    Duration part = SOAK.dividedBy(9);
    live(world, program, part.multipliedBy(2));
    world.awaitJudged(program::isAlive);
    Footprint early = Footprint.of(program.pid());
    long database = world.databaseBytes();
    long selected = world.selected();
    long heads = world.heads();
    live(world, program, part.multipliedBy(3));
    world.awaitJudged(program::isAlive);
    world.fork();
    live(world, program, part);
    world.awaitJudged(program::isAlive);
    world.awaitTold(program::isAlive, () -> {});
    Footprint late = Footprint.of(program.pid());
    long grown = world.databaseBytes() - database;
    long more = world.selected() - selected;
    report(
        world,
        "%s, %d lives before the long one; early: %s; late: %s; database grew by %,d KiB for %d selected and %d heads"
            .formatted(SOAK, lives, early, late, grown / 1024, more, world.heads() - heads));
    assertThat(late.heap()).isLessThanOrEqualTo(early.heap() + HEAP_SLACK);
    assertThat(late.threads()).isLessThanOrEqualTo(early.threads() + THREAD_SLACK);
    assertThat(late.handles()).isLessThanOrEqualTo(early.handles() + HANDLE_SLACK);
    assertThat(grown)
        .isLessThanOrEqualTo(
            DATABASE_SLACK + more * BYTES_PER_SELECTED + (world.heads() - heads) * BYTES_PER_HEAD);
  }

  private static void report(SoakWorld world, String figures) {
    System.out.println(
        "SoakIT: %d entries, %d findings, %d attempts to tell them; %s"
            .formatted(world.entries(), world.found().size(), world.attempts(), figures));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
