package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench latency`: how long after a log published an entry its alert is there.
@Command(
    name = "latency",
    description = {
      "Measure how long an alert takes.",
      "Measure the time from a log's new checkpoint to the alert at a webhook, both on loopback HTTP",
      "and through the whole daemon: at rest, and while it reads a backlog of another log, which a",
      "process of its own serves. Checkpoints are published at random moments between two polls.",
      "Exit code 4 if an alert does not arrive, or if the backlog ends before most of them do."
    },
    mixinStandardHelpOptions = true)
final class BenchLatency implements Callable<Integer> {
  /// Alerts that are not counted: whatever is done for the first time is done in them.
  private static final int WARM_UP = 10;

  /// Alerts between two polls on average.
  private static final int ALERTS_PER_POLL = 5;

  /// The shortest average time between two alerts: above what one receiver is sent in a minute.
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(120);

  /// How long an alert may take before it counts as lost, beyond the poll interval.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Readings of the backlog in a row in which no alert arrived, after which it is too short.
  private static final int FRUITLESS_READINGS = 5;

  private static final Duration LOOK = Duration.ofMillis(2);

  @Option(
      names = "--alerts",
      paramLabel = "N",
      defaultValue = "200",
      description = "Alerts to measure in each case (default: ${DEFAULT-VALUE}).")
  private int alerts;

  @Option(
      names = "--poll-interval",
      paramLabel = "MILLIS",
      defaultValue = "1000",
      description =
          "Milliseconds between two looks at a log, at least 100 (default: ${DEFAULT-VALUE}).")
  private int poll;

  @Option(
      names = "--backlog",
      paramLabel = "N",
      defaultValue = "200000",
      description =
          "Entries of the other log, read again from the start until enough alerts are measured"
              + " (default: ${DEFAULT-VALUE}).")
  private int backlog;

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  private final RandomGenerator random = RandomGenerator.getDefault();

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (alerts < 1 || poll < 100 || backlog < 1) {
      throw new CommandFailure(
          Exit.USAGE, "--alerts, --backlog (expected: >= 1), --poll-interval (expected: >= 100)");
    }
    try (Scratch scratch = Scratch.create("bench");
        LatencyWorld world = LatencyWorld.create(scratch.folder(), Duration.ofMillis(poll))) {
      Latencies rest = atRest(world);
      Latencies busy = new Latencies();
      Read read = new Read(0, 0);
      try (ChildLog log = ChildLog.start(backlog)) {
        int fruitless = 0;
        while (busy.count() < alerts) {
          int before = busy.count();
          read = read.plus(besideBacklog(world, log, busy));
          fruitless = busy.count() > before ? 0 : fruitless + 1;
          if (fruitless == FRUITLESS_READINGS) {
            throw new CommandFailure(
                Exit.OPERATIONAL,
                "--backlog %,d is read before an alert arrives (expected: a larger one)"
                    .formatted(backlog));
          }
        }
      }
      report(rest, busy, read);
      return Exit.OK;
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
  }

  private Latencies atRest(LatencyWorld world)
      throws CommandFailure, IOException, InterruptedException {
    try (Daemon daemon = open(world.config(Map.of()))) {
      daemon.start();
      world.awaitProven(daemon);
      for (int i = 0; i < WARM_UP; i++) {
        sign(world);
      }
      awaitAll(world);
      world.take(new Latencies(), Instant.MAX);
      Latencies measured = new Latencies();
      for (int i = 0; i < alerts; i++) {
        sign(world);
      }
      awaitAll(world);
      world.take(measured, Instant.MAX);
      return measured;
    }
  }

  /// What was read of the other log while alerts were measured.
  private record Read(long entries, double seconds) {
    Read plus(Read more) {
      return new Read(entries + more.entries, seconds + more.seconds);
    }
  }

  /// Measures alerts for as long as the other log is read once from its start; an alert that
  /// arrives after its end does not count.
  private Read besideBacklog(LatencyWorld world, ChildLog log, Latencies measured)
      throws CommandFailure, IOException, InterruptedException {
    try (Daemon daemon = open(world.config(Map.of("backlog", log)))) {
      daemon.start();
      world.awaitProven(daemon);
      long from = world.position(daemon, "backlog");
      Instant start = Instant.now();
      Instant end = start;
      while (world.position(daemon, "backlog") < backlog && measured.count() < alerts) {
        sign(world);
        if (world.position(daemon, "backlog") < backlog) {
          end = Instant.now();
        }
        world.take(measured, end);
      }
      Read read =
          new Read(
              world.position(daemon, "backlog") - from,
              Duration.between(start, Instant.now()).toNanos() / 1e9);
      awaitAll(world);
      world.take(measured, end);
      return read;
    }
  }

  private static Daemon open(Configuration configuration) {
    return Daemon.open(configuration, Clock.systemUTC());
  }

  /// The watched identity signs; then as much time passes as is between two such events.
  private void sign(LatencyWorld world) throws InterruptedException {
    world.sign();
    long mean = Math.max(SHORTEST_PAUSE.toMillis(), poll / ALERTS_PER_POLL);
    Thread.sleep(random.nextLong(2 * mean + 1));
  }

  private void awaitAll(LatencyWorld world) throws CommandFailure, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE).plusMillis(poll);
    while (world.missing() > 0) {
      if (Instant.now().isAfter(end)) {
        throw new CommandFailure(
            Exit.OPERATIONAL,
            "%d alerts did not arrive within %d s"
                .formatted(world.missing(), PATIENCE.toSeconds()));
      }
      Thread.sleep(LOOK);
    }
  }

  private void report(Latencies rest, Latencies busy, Read read) {
    double rate = read.entries() / Math.max(1e-9, read.seconds());
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("pollMillis", poll);
      rest.write(line.putObject("atRest"));
      busy.write(line.putObject("besideBacklog"));
      line.put("backlogEntriesJudged", read.entries());
      line.put("backlogEntriesPerSecond", Math.round(rate));
      System.out.println(line);
      return;
    }
    System.out.printf(
        "From a checkpoint published to the alert received; polled every %,d ms:%n", poll);
    System.out.printf("at rest                         %s%n", rest);
    System.out.printf("while another log is a backlog  %s%n", busy);
    System.out.printf(
        "the other log meanwhile: %,d entries judged, %,.0f entries/s%n", read.entries(), rate);
  }
}
