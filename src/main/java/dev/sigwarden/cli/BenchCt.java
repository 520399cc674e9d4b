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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench ct`: the whole daemon on a generated log of certificates, beside hashing the
/// same bytes.
@Command(
    name = "ct",
    description = {
      "Measure how fast a log of certificates is judged.",
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

  private static final String TILES = "static-ct";

  private static final List<String> PROTOCOLS = List.of(TILES, "ct");

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

  @Option(
      names = "--certspotter",
      paramLabel = "FILE",
      description = {
        "Cert Spotter's program, to be run after Sigwarden on the same log with the same names, for a",
        "minute at most with each protocol."
      })
  private @Nullable Path certspotter;

  @Option(
      names = "--certspotter-jobs",
      paramLabel = "N",
      defaultValue = "4",
      description = "Downloads at a time that it is allowed (default: ${DEFAULT-VALUE}).")
  private int certspotterJobs;

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (entries < 1 || names < 1 || passes < 1 || certspotterJobs < 1) {
      throw new CommandFailure(
          Exit.USAGE, "--entries, --names, --passes, --certspotter-jobs (expected: >= 1)");
    }
    try (Scratch scratch = Scratch.create("bench");
        ChildLog log = ChildLog.start(entries, "--ct")) {
      Map<String, Figures> all = new LinkedHashMap<>();
      for (String protocol : PROTOCOLS) {
        Configuration configuration = Config.load(write(scratch.folder(), log, protocol));
        BenchRuns runs = BenchRuns.of(configuration, scratch.folder(), entries, passes);
        all.put(protocol, new Figures(runs, beside(scratch.folder(), log, protocol)));
      }
      report(all);
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return Exit.OK;
  }

  /// What was measured with one protocol.
  ///
  /// @param beside empty if only Sigwarden was run
  private record Figures(BenchRuns runs, Optional<CertspotterRun> beside) {}

  private Optional<CertspotterRun> beside(Path folder, ChildLog log, String protocol)
      throws IOException, CommandFailure, InterruptedException {
    if (certspotter == null) {
      return Optional.empty();
    }
    List<String> watched = IntStream.range(0, names).mapToObj(BenchCt::name).toList();
    return Optional.of(
        CertspotterRun.of(
            new CertspotterRun.Setup(certspotter, certspotterJobs, watched, log.url(), log.key()),
            protocol.equals(TILES),
            entries,
            Files.createDirectory(folder.resolve("certspotter-" + protocol))));
  }

  private void report(Map<String, Figures> all) {
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("entries", entries);
      line.put("names", names);
      all.forEach((protocol, figures) -> {
        ObjectNode one = line.putObject(protocol);
        figures.runs().write(one);
        figures.beside().ifPresent(run -> run.write(one.putObject("certspotter"), figures.runs()));
      });
      System.out.println(line);
      return;
    }
    all.forEach((protocol, figures) -> {
      System.out.println(protocol + ":");
      figures.runs().print();
      figures.beside().ifPresent(run -> run.print(figures.runs()));
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
