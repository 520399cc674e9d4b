package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.access.LocalToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench scans`: one scan by one and by several processes.
@Command(
    name = "scans",
    description = {
      "Measure one scan by one and by several processes.",
      "Generate a tile log, serve it over loopback HTTP from a process of its own, and scan all of it",
      "through the API: by one process and then by several, all on this machine, each number of",
      "processes on a PostgreSQL database of its own, which must be empty. Prints the time from the",
      "scan's beginning to its end, what each process judged, and whether all runs found the same",
      "findings and proved the same root."
    },
    mixinStandardHelpOptions = true)
final class BenchScans implements Callable<Integer> {
  private static final String LOG = "bench";

  /// The origin of the log that `practice` serves.
  private static final String ORIGIN = "bench.sigwarden.invalid";

  /// Between two looks at the processes.
  private static final Duration LOOK = Duration.ofMillis(100);

  /// How long processes may take to start, and to end.
  private static final Duration START = Duration.ofMinutes(2);

  /// How long one scan may take.
  private static final Duration LONGEST = Duration.ofHours(2);

  private static final int PAGE = 500;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Entries in the log (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--processes",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,3",
      description = "How many processes scan, one run for each (default: ${DEFAULT-VALUE}).")
  private List<Integer> processes = List.of();

  @Option(
      names = "--storage",
      paramLabel = "URL",
      required = true,
      description =
          "An empty database on this machine, postgresql://127.0.0.1:5432/name; one for each run.")
  private List<String> storages = List.of();

  @Option(
      names = "--storage-user",
      paramLabel = "NAME",
      defaultValue = "sigwarden",
      description = "Who owns the databases (default: ${DEFAULT-VALUE}).")
  private String user = "";

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  /// One run.
  ///
  /// @param processes how many took part
  /// @param seconds from the scan's beginning to its end
  /// @param scan as the API told it at the end
  /// @param findings ids
  private record Run(int processes, double seconds, JsonNode scan, SortedSet<String> findings) {}

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (entries < 1 || processes.isEmpty() || processes.stream().anyMatch(it -> it < 1)) {
      throw new CommandFailure(Exit.USAGE, "--entries, --processes (expected: >= 1)");
    }
    if (storages.size() != processes.size()) {
      throw new CommandFailure(
          Exit.USAGE,
          "--storage: %d databases (expected: %d, one for each run)"
              .formatted(storages.size(), processes.size()));
    }
    List<Run> runs = new ArrayList<>();
    try (Scratch scratch = Scratch.create("bench");
        ChildLog log = ChildLog.start(entries, "--generated")) {
      for (int i = 0; i < processes.size(); i++) {
        Path folder = Files.createDirectories(scratch.folder().resolve("run-" + i));
        runs.add(run(folder, log, processes.get(i), storages.get(i)));
      }
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return report(runs);
  }

  private Run run(Path folder, ChildLog log, int count, String storage)
      throws IOException, CommandFailure, InterruptedException {
    List<Process> started = new ArrayList<>();
    try {
      List<ApiClient> clients = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Path home = Files.createDirectories(folder.resolve("process-" + i));
        Path config = write(home, log, storage, i);
        started.add(
            new ProcessBuilder(
                    ChildLog.sigwarden(List.of("-Xmx512m"), "run", "--config", config.toString()))
                .directory(home.toFile())
                .redirectOutput(home.resolve("out.txt").toFile())
                .redirectError(home.resolve("err.txt").toFile())
                .start());
        clients.add(reach(home.resolve("data"), started.getLast()));
      }
      for (ApiClient client : clients) {
        awaitReady(client);
      }
      return scan(clients.getFirst(), count);
    } finally {
      for (Process process : started) {
        process.destroy();
      }
      for (Process process : started) {
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    }
  }

  private Path write(Path home, ChildLog log, String storage, int number) throws IOException {
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "bench@sigwarden.invalid");
    root.put("instance", "process-" + number);
    root.putObject("http").put("port", 0);
    root.putObject("storage").put("url", storage).put("user", user).put("tls", "off");
    root.putObject("requests").put("at-once", 16).put("per-second", 100_000);
    root.putObject("logs")
        .putObject(LOG)
        .put("protocol", "tiles")
        .put("entries", "rekor")
        .put("url", log.url())
        .put("key", log.key())
        .put("start", "head");
    ArrayNode identities = root.putObject("watches").putObject("one-team").putArray("identities");
    // Of ten thousand entries in a row, twice in the first million, each hundred and sixtieth.
    for (String run : List.of("0001", "0050")) {
      identities
          .addObject()
          .put(
              "subject",
              "https://github.com/bench-organisation-of-many-teams-7/application-delivery-platform-%s*"
                  .formatted(run))
          .put("issuer", "https://token.actions.githubusercontent.com");
    }
    return Files.writeString(
        home.resolve("sigwarden.yaml"), EventJson.JSON.writeValueAsString(root));
  }

  private static ApiClient reach(Path state, Process process)
      throws IOException, CommandFailure, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      Optional<LocalToken.Reach> reach =
          Files.isDirectory(state) ? LocalToken.read(state) : Optional.empty();
      if (reach.isPresent()) {
        return new ApiClient(reach.get().url(), reach.get().token(), Optional.empty());
      }
      Thread.sleep(LOOK);
    }
    throw new CommandFailure(
        Exit.OPERATIONAL, "a process did not start: " + state.resolveSibling("err.txt"));
  }

  /// Waits until the process answers and its log has a head that is proven.
  private static void awaitReady(ApiClient client) throws CommandFailure, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        byte[] _ = client.bytes("/checkpoints/" + ORIGIN, Map.of());
        return;
      } catch (CommandFailure e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(LOOK);
      }
    }
  }

  private static Run scan(ApiClient client, int count) throws CommandFailure, InterruptedException {
    ObjectNode body =
        ApiClient.JSON.createObjectNode().put("log", LOG).put("from", "0").put("reason", "bench");
    JsonNode scan = client.post("/api/v1/scans", body);
    String path = "/api/v1/scans/" + scan.path("id").asText();
    long end = System.nanoTime() + LONGEST.toNanos();
    while (scan.path("state").asText().equals("running") && System.nanoTime() < end) {
      Thread.sleep(LOOK);
      scan = client.get(path, Map.of());
    }
    if (!scan.path("state").asText().equals("done")) {
      throw new CommandFailure(Exit.OPERATIONAL, "the scan is not done: " + scan);
    }
    Duration took =
        Duration.between(
            Instant.parse(scan.path("createdAt").asText()),
            Instant.parse(scan.path("endedAt").asText()));
    return new Run(count, took.toMillis() / 1e3, scan, findings(client, path));
  }

  private static SortedSet<String> findings(ApiClient client, String path) throws CommandFailure {
    SortedSet<String> found = new TreeSet<>();
    while (true) {
      JsonNode page =
          client.get(
              path + "/findings",
              Map.of(
                  "after", found.isEmpty() ? "" : found.last(), "limit", Integer.toString(PAGE)));
      page.forEach(finding -> found.add(finding.path("uid").asText()));
      if (page.size() < PAGE) {
        return found;
      }
    }
  }

  private int report(List<Run> runs) {
    boolean same =
        runs.stream().map(Run::findings).distinct().count() == 1
            && runs.stream().map(run -> run.scan().path("rootHash")).distinct().count() == 1;
    ObjectNode line = EventJson.JSON.createObjectNode();
    line.put("entries", entries);
    line.put("sameFindingsAndRoot", same);
    ArrayNode all = line.putArray("runs");
    for (Run run : runs) {
      ObjectNode one = all.addObject();
      one.put("processes", run.processes());
      one.put("seconds", run.seconds());
      one.put("entriesPerSecond", Math.round(entries / run.seconds()));
      one.put("findings", run.findings().size());
      one.set("rootHash", run.scan().path("rootHash"));
      one.set("shares", run.scan().path("progress").path("shares"));
      if (!json) {
        System.out.printf(
            "%d processes: %,d entries in %.1f s (%,.0f entries/s), %d findings, root %s%n",
            run.processes(),
            entries,
            run.seconds(),
            entries / run.seconds(),
            run.findings().size(),
            run.scan().path("rootHash").asText());
        run.scan()
            .path("progress")
            .path("shares")
            .properties()
            .forEach(share ->
                System.out.printf(
                    "  %s judged %,d, %.0f %%%n",
                    share.getKey(),
                    share.getValue().asLong(),
                    100.0 * share.getValue().asLong() / entries));
      }
    }
    System.out.println(json ? line.toString() : same ? "all found the same" : "they differ");
    return same ? Exit.OK : Exit.OPERATIONAL;
  }
}
