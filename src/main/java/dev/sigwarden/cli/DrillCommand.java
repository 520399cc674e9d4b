package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.daemon.DrillPlan;
import dev.sigwarden.daemon.Drilling;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Drill;
import dev.sigwarden.store.Drills;
import dev.sigwarden.store.StorePlace;
import dev.sigwarden.text.Sanitizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `sigwarden drill`: sends a marked test signature through the whole path: of the daemon that
/// runs, or, where none does, of this process on the same database and receivers.
@Command(
    name = "drill",
    description = {
      "Send a marked test signature through the daemon, and say how long each step took.",
      "From a practice log through proof, watch, database and routes to the receivers. Where no daemon",
      "runs, this process does it.",
      "Exit 0 if every receiver took it in time, 4 if a step failed or one did not."
    },
    mixinStandardHelpOptions = true)
final class DrillCommand implements Callable<Integer> {
  /// Between two questions for the end.
  private static final Duration LOOK = Duration.ofMillis(200);

  /// How much longer than it may take the end is waited for.
  private static final Duration SLACK = Duration.ofMinutes(1);

  /// How long receivers may take to hear that a drill in this process is over.
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private static final int MAX_NOTE = 300;

  @Mixin private Reached reached = new Reached();

  @Option(
      names = "--watch",
      paramLabel = "NAME",
      description =
          "Drill this watch: its selectors, as far as they can be imitated, and its route"
              + " (default: no watch, every receiver).")
  private String watch = "";

  @Option(
      names = "--receiver",
      paramLabel = "NAME",
      description = "Only this receiver; may be repeated.")
  private List<String> receivers = new ArrayList<>();

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long it may take from the log to the last receiver, 1 to 600 (default:"
              + " ${DEFAULT-VALUE}).")
  private int within;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "a drill",
      description = "Why, for the audit log (default: ${DEFAULT-VALUE}).")
  private String reason = "";

  @Option(names = "--json", description = "The answer as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    Optional<ApiClient> daemon = reached.find();
    JsonNode drill = daemon.isPresent() ? beside(daemon.get()) : alone();
    if (json) {
      System.out.println(drill);
    } else {
      print(drill);
    }
    return drill.path("state").asText().equals(Drill.State.PASSED.label())
        ? Exit.OK
        : Exit.OPERATIONAL;
  }

  /// Has the daemon make it.
  private JsonNode beside(ApiClient daemon) throws CommandFailure, InterruptedException {
    ObjectNode body =
        ApiClient.JSON
            .createObjectNode()
            .put("watch", watch)
            .put("withinSeconds", within)
            .put("reason", reason);
    receivers.forEach(body.putArray("receivers")::add);
    JsonNode drill = daemon.post("/api/v1/drills", body);
    String path = "/api/v1/drills/" + ApiClient.encoded(drill.path("id").asText());
    long patience = patience();
    while (drill.path("state").asText().equals(Drill.State.RUNNING.label())) {
      require(patience);
      Thread.sleep(LOOK);
      try {
        drill = daemon.get(path, Map.of());
      } catch (CommandFailure e) {
        // Its replica was killed, say: another one ends what it left.
        throw new CommandFailure(
            e.exitCode(),
            "drill %s: what became of it cannot be asked: %s"
                .formatted(drill.path("id").asText(), e.getMessage()));
      }
    }
    return drill;
  }

  /// Makes it in this process, on the database of the daemon that does not run.
  private JsonNode alone() throws CommandFailure, InterruptedException {
    Configuration configuration = Config.load(reached.config());
    if (configuration.storage().place() instanceof StorePlace.Server) {
      // Its replicas may run elsewhere, and have the receivers.
      var _ = reached.client();
    }
    requireKnown("--watch", watch.isEmpty() || configuration.watches().named(watch).isPresent());
    requireKnown("--receiver", configuration.receivers().keySet().containsAll(receivers));
    Duration time = Duration.ofSeconds(within);
    if (time.compareTo(DrillPlan.MIN_WITHIN) < 0 || time.compareTo(DrillPlan.MAX_WITHIN) > 0) {
      throw new CommandFailure(Exit.USAGE, "--within: %d (expected: 1 to 600)".formatted(within));
    }
    System.err.println(
        "no daemon runs with %s: the drill runs in this process, on its database"
            .formatted(reached.config()));
    try (Daemon daemon = Daemon.open(configuration, Clock.systemUTC())) {
      daemon.startForDrills();
      Drills drills = daemon.store().timetable().drills();
      Drill begun =
          daemon
              .drilling()
              .flatMap(drilling ->
                  drilling.ask(
                      new Drilling.Wanted(watch, receivers, time),
                      new Deed("local", "admin", "", "drill.begin", "", reason, "")))
              .orElseThrow(() -> new CommandFailure(Exit.OPERATIONAL, "another drill runs"));
      Drill drill = begun;
      long patience = patience();
      while (drill.state() == Drill.State.RUNNING) {
        require(patience);
        Thread.sleep(LOOK);
        drill = drills.find(begun.id()).orElse(drill);
      }
      // Whoever was told hears that it is over.
      long settling = System.nanoTime() + SETTLING.toNanos();
      while (daemon.queues().stream().anyMatch(queue -> queue.pending() > 0)
          && System.nanoTime() - settling < 0) {
        Thread.sleep(LOOK);
      }
      return json(drill);
    }
  }

  /// A drill as the API answers it.
  private static ObjectNode json(Drill drill) {
    ObjectNode node =
        ApiClient.JSON
            .createObjectNode()
            .put("id", drill.id())
            .put("name", drill.name())
            .put("watch", drill.watch())
            .put("askedBy", drill.askedBy())
            .put("startedAt", drill.startedAt().toString())
            .put("state", drill.state().label())
            .put("endedAt", drill.endedAt().map(Instant::toString).orElse(null));
    ArrayNode steps = node.putArray("steps");
    for (Drill.Step step : drill.steps()) {
      steps
          .addObject()
          .put("step", step.step())
          .put("receiver", step.receiver())
          .put("millis", step.after().map(Duration::toMillis).orElse(null))
          .put("good", step.good())
          .put("note", step.note());
    }
    return node;
  }

  private static void requireKnown(String option, boolean known) throws CommandFailure {
    if (!known) {
      throw new CommandFailure(
          Exit.USAGE, option + ": not in the configuration (expected: a name from it)");
    }
  }

  private long patience() {
    return System.nanoTime() + SLACK.plusSeconds(within).toNanos();
  }

  private static void require(long patience) throws CommandFailure {
    if (System.nanoTime() - patience > 0) {
      throw new CommandFailure(Exit.OPERATIONAL, "the drill does not end");
    }
  }

  private static void print(JsonNode drill) {
    int width = "receiver".length();
    for (JsonNode step : drill.path("steps")) {
      width = Math.max(width, step.path("receiver").asText().length());
    }
    String row = "%-10s %-" + width + "s %10s  %-4s %s";
    print(row, "step", "receiver", "after", "", "");
    List<String> failed = new ArrayList<>();
    for (JsonNode step : drill.path("steps")) {
      boolean good = step.path("good").asBoolean();
      String receiver = step.path("receiver").asText();
      String name = step.path("step").asText();
      if (!good) {
        failed.add(receiver.isEmpty() ? "step " + name : "receiver " + receiver);
      }
      print(
          row,
          name,
          receiver,
          step.path("millis").isNumber() ? step.path("millis").asLong() + " ms" : "-",
          good ? "ok" : "FAIL",
          Sanitizer.clean(step.path("note").asText(), MAX_NOTE));
    }
    System.out.printf(
        "drill %s: %s%s%n",
        drill.path("id").asText(),
        drill.path("state").asText(),
        failed.isEmpty() ? "" : ": " + String.join(", ", failed));
  }

  private static void print(String row, String... cells) {
    System.out.println(row.formatted((Object[]) cells).stripTrailing());
  }
}
