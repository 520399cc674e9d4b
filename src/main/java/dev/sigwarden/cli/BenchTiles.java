package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.tail.ChunkJudge;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.LogStatus;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench tiles`: the whole daemon on a generated tile log, beside hashing the same
/// bytes.
@Command(
    name = "tiles",
    description = {
      "Generate a tile log of Rekor v2 entries, serve it over loopback HTTP from another process, and",
      "run the whole daemon on it: fetched, proven, decoded, matched, committed. Beside it the bound:",
      "hashing the same bytes with the same threads."
    },
    mixinStandardHelpOptions = true)
final class BenchTiles implements Callable<Integer> {
  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Entries in the log (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--watches",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Watches, none of which selects an entry (default: ${DEFAULT-VALUE}).")
  private int watches;

  @Option(
      names = "--digests",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Digests in the allowlist (default: ${DEFAULT-VALUE}).")
  private int digests;

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (entries < 1 || watches < 0 || digests < 1) {
      throw new CommandFailure(
          Exit.USAGE, "--entries, --digests (expected: >= 1), --watches (expected: >= 0)");
    }
    try {
      Path folder = Files.createTempDirectory("sigwarden-bench");
      try (ChildLog log = ChildLog.start(entries)) {
        Configuration configuration = Config.load(write(folder, log));
        Run run = judge(configuration);
        double bound = hash(configuration);
        report(run, bound);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return Exit.OK;
  }

  private record Run(double seconds, long allocated) {}

  private Run judge(Configuration configuration) throws CommandFailure, InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Daemon daemon = Daemon.open(configuration, Clock.systemUTC())) {
      long allocated = threads.getTotalThreadAllocatedBytes();
      long start = System.nanoTime();
      daemon.start();
      LogStatus status = daemon.logs().getFirst();
      while (status.position() < entries) {
        if (!status.error().isEmpty()) {
          throw new CommandFailure(Exit.OPERATIONAL, "the bench's log: " + status.error());
        }
        Thread.sleep(5);
        status = daemon.logs().getFirst();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Run(seconds, threads.getTotalThreadAllocatedBytes() - allocated);
    }
  }

  /// Seconds to hash the same bytes, fetching not counted.
  private double hash(Configuration configuration) throws CommandFailure {
    LogSettings log = configuration.logs().get("bench");
    if (log == null) {
      throw new IllegalStateException("the bench's own log is missing");
    }
    ChunkJudge judge = new ChunkJudge(Decoders.found().forFormat(log.entryFormat()));
    long nanos = 0;
    try (PoliteHttp http =
            new PoliteHttp(configuration.requests(), Clock.systemUTC(), new SecureRandom());
        LogClient client = log.source().open(new LogTools(http, Clock.systemUTC()))) {
      TreeHead head = Checkpoint.parse(SignedNote.parse(client.head()).text()).head();
      for (long at = 0; at < head.size(); ) {
        Leaves leaves = client.leaves(at, Math.min(at + 2_048, head.size()), head);
        long start = System.nanoTime();
        judge.hash(leaves);
        nanos += System.nanoTime() - start;
        at = leaves.to();
        leaves.release();
      }
    } catch (LogUnavailableException | BadAnswerException | MalformedNoteException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's log: " + e.getMessage());
    }
    return nanos / 1e9;
  }

  private void report(Run run, double bound) {
    double rate = entries / run.seconds();
    double boundRate = entries / bound;
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("entries", entries);
      line.put("watches", watches);
      line.put("allowlistDigests", digests);
      line.put("seconds", run.seconds());
      line.put("entriesPerSecond", Math.round(rate));
      line.put("hashOnlyEntriesPerSecond", Math.round(boundRate));
      line.put("ratio", rate / boundRate);
      line.put("peakRssMebibytes", peakRss().orElse(-1L));
      line.put("allocatedBytesPerEntry", run.allocated() / entries);
      System.out.println(line);
      return;
    }
    System.out.printf(
        "%,d entries judged in %.1f s: %,.0f entries/s%n", entries, run.seconds(), rate);
    System.out.printf(
        "hashing the same bytes alone: %,.0f entries/s; ratio %.2f%n", boundRate, rate / boundRate);
    System.out.printf(
        "peak memory %s MiB, %,d bytes allocated per entry, %,d watches, %,d digests allowed%n",
        peakRss().map(Object::toString).orElse("?"), run.allocated() / entries, watches, digests);
  }

  /// The process's peak resident memory in MiB, where the system tells it.
  private static Optional<Long> peakRss() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private Path write(Path folder, ChildLog log) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (BufferedWriter list = Files.newBufferedWriter(folder.resolve("allow.txt"))) {
      byte[] digest = new byte[32];
      for (int i = 0; i < digests; i++) {
        random.nextBytes(digest);
        list.write("sha256:" + HexFormat.of().formatHex(digest) + "\n");
      }
    }
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "bench@sigwarden.invalid");
    root.putObject("storage").put("url", "sqlite:bench.db");
    root.putObject("requests").put("at-once", 16).put("per-second", 100_000);
    root.putObject("logs")
        .putObject("bench")
        .put("protocol", "tiles")
        .put("entries", "rekor")
        .put("url", log.url())
        .put("key", log.key())
        .put("start", "0");
    root.putObject("allowlists").putObject("releases").put("file", "allow.txt");
    ObjectNode all = root.putObject("watches");
    for (int i = 0; i < watches; i++) {
      ObjectNode watch = all.putObject("watch-" + i);
      ObjectNode identity = watch.putArray("identities").addObject();
      // Exact subjects, globs and e-mail addresses in turn, as real configurations mix them.
      switch (i % 3) {
        case 0 ->
            identity.put(
                "subject",
                "https://github.com/watched-%d/app/.github/workflows/release.yml@refs/tags/*"
                    .formatted(i));
        case 1 ->
            identity.put(
                "subject",
                "https://github.com/watched-%d/app/.github/workflows/release.yml@refs/heads/main"
                    .formatted(i));
        default -> identity.put("subject", "release-%d@watched.example".formatted(i));
      }
      identity.put("issuer", "https://token.actions.githubusercontent.com");
      watch.putObject("expect").putArray("allowlists").add("releases");
    }
    Path file = folder.resolve("bench.yaml");
    Files.writeString(file, EventJson.JSON.writeValueAsString(root));
    return file;
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
