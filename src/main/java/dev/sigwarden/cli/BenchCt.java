package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench ct`: the whole daemon on a generated log of certificates, beside hashing the
/// same bytes.
@Command(
    name = "ct",
    description = {
      "Generate a Certificate Transparency log, serve it over loopback HTTP from another process, and",
      "run the whole daemon on it, through its tiles (static-ct) and then through the API of RFC 6962",
      "(ct): fetched, proven, decoded, matched, committed. Beside it the bound: hashing the same bytes",
      "with the same threads.",
      "",
      "The log is judged several times, each time from an empty database: cold, as after a start, and",
      "then warm, as a daemon runs. The figures are those of the last pass unless they say otherwise;",
      "memory and collections are of all passes so far."
    },
    mixinStandardHelpOptions = true)
final class BenchCt implements Callable<Integer> {
  /// The origin of the log.
  static final String ORIGIN = "bench.sigwarden.invalid";

  /// Names in one watch: an organisation's.
  private static final int NAMES_PER_WATCH = 100;

  private static final List<String> PROTOCOLS = List.of("static-ct", "ct");

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Entries in the log (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--names",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Watched names, of which none selects an entry, 100 in a watch (default: ${DEFAULT-VALUE}).")
  private int names;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "5",
      description = "Passes over the log with each protocol (default: ${DEFAULT-VALUE}).")
  private int passes;

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (entries < 1 || names < 1 || passes < 1) {
      throw new CommandFailure(Exit.USAGE, "--entries, --names, --passes (expected: >= 1)");
    }
    try (Scratch scratch = Scratch.create("bench");
        ChildLog log = ChildLog.start(entries, "--ct")) {
      Map<String, BenchRuns> all = new LinkedHashMap<>();
      for (String protocol : PROTOCOLS) {
        Configuration configuration = Config.load(write(scratch.folder(), log, protocol));
        all.put(protocol, BenchRuns.of(configuration, scratch.folder(), entries, passes));
      }
      report(all);
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return Exit.OK;
  }

  private void report(Map<String, BenchRuns> all) {
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("entries", entries);
      line.put("names", names);
      all.forEach((protocol, runs) -> runs.write(line.putObject(protocol)));
      System.out.println(line);
      return;
    }
    all.forEach((protocol, runs) -> {
      System.out.println(protocol + ":");
      runs.print();
    });
    System.out.printf("%,d watched names%n", names);
  }

  private Path write(Path folder, ChildLog log, String protocol) throws IOException {
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "bench@sigwarden.invalid");
    root.putObject("storage").put("url", "sqlite:" + BenchRuns.DB);
    root.putObject("requests").put("at-once", 16).put("per-second", 100_000);
    root.putObject("logs")
        .putObject(BenchRuns.LOG)
        .put("protocol", protocol)
        .put("url", log.url())
        .put("origin", ORIGIN)
        .put("public-key", log.key())
        .put("start", "0");
    ObjectNode watches = root.putObject("watches");
    for (int first = 0; first < names; first += NAMES_PER_WATCH) {
      ArrayNode identities =
          watches.putObject("watch-" + first / NAMES_PER_WATCH).putArray("identities");
      for (int i = first; i < Math.min(names, first + NAMES_PER_WATCH); i++) {
        identities.addObject().put("dns", name(i));
      }
    }
    Path file = folder.resolve("bench.yaml");
    Files.writeString(file, EventJson.JSON.writeValueAsString(root));
    return file;
  }

  /// Domains with all below them and single hosts in turn, under the top-level domains of the log's
  /// own certificates, so that none is told apart by its last label.
  private static String name(int number) {
    return (number % 2 == 0 ? ".watched-%d.tld-%d.example" : "www.watched-%d.tld-%d.example")
        .formatted(number, number % 64);
  }
}
