package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
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
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
      "hashing the same bytes with the same threads.",
      "",
      "The log is judged several times, each time from an empty database: cold, as after a start, and",
      "then warm, as a daemon runs. The figures are those of the last pass unless they say otherwise;",
      "memory and collections are of all."
    },
    mixinStandardHelpOptions = true)
final class BenchTiles implements Callable<Integer> {
  /// Leaves hashed at once for the bound: what a turn reads at once.
  private static final int CHUNK = 1_024;

  private static final String DB = "bench.db";

  private static final Pattern YOUNG_POOL = Pattern.compile("Eden");
  private static final Pattern OLD_POOL = Pattern.compile("Old|Tenured");

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
      names = "--allowlist",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Digests in the allowlist (default: ${DEFAULT-VALUE}).")
  private int digests;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "8",
      description = "Passes over the log (default: ${DEFAULT-VALUE}).")
  private int passes;

  @Option(names = "--lookalikes", description = "Also look for look-alikes of all watches.")
  private boolean lookalikes;

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (entries < 1 || watches < 0 || digests < 1 || passes < 1) {
      throw new CommandFailure(
          Exit.USAGE,
          "--entries, --allowlist, --passes (expected: >= 1), --watches (expected: >= 0)");
    }
    try {
      Path folder = Files.createTempDirectory("sigwarden-bench");
      try (ChildLog log = ChildLog.start(entries)) {
        Configuration configuration = Config.load(write(folder, log));
        List<Run> runs = new ArrayList<>();
        for (int pass = 0; pass < passes; pass++) {
          forget(folder);
          runs.add(judge(configuration));
        }
        report(runs, hash(configuration));
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return Exit.OK;
  }

  /// One run of the daemon.
  ///
  /// @param seconds from its start to the last commit
  /// @param allocated bytes allocated meanwhile, by all threads
  /// @param collections of the heap's young part meanwhile
  /// @param fullCollections of the whole heap meanwhile
  /// @param peakRss the process's peak resident memory so far, in MiB; -1 where the system does not
  ///   tell
  private record Run(
      double seconds, long allocated, long collections, long fullCollections, long peakRss) {}

  private Run judge(Configuration configuration) throws CommandFailure, InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Daemon daemon = Daemon.open(configuration, Clock.systemUTC())) {
      long young = collections(YOUNG_POOL);
      long full = collections(OLD_POOL);
      long allocated = threads.getTotalThreadAllocatedBytes();
      long start = System.nanoTime();
      daemon.start();
      LogStatus status = daemon.logs().getFirst();
      while (status.position() < entries) {
        if (!status.error().isEmpty()) {
          throw new CommandFailure(Exit.OPERATIONAL, "the bench's log: " + status.error());
        }
        Thread.sleep(1);
        status = daemon.logs().getFirst();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Run(
          seconds,
          threads.getTotalThreadAllocatedBytes() - allocated,
          collections(YOUNG_POOL) - young - (collections(OLD_POOL) - full),
          collections(OLD_POOL) - full,
          peakRss());
    }
  }

  /// Collections so far that freed the heap's part with this in its name.
  private static long collections(Pattern pool) {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(bean -> Stream.of(bean.getMemoryPoolNames()).anyMatch(pool.asPredicate()))
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  /// Leaf hashes each second of the same bytes with the same threads: the bound of whatever proves
  /// entries. Each chunk is hashed twice and the second time counts, so fetching does not, nor does
  /// a cold cache or compiler.
  private double hash(Configuration configuration) throws CommandFailure {
    LogSettings log = configuration.logs().get("bench");
    if (log == null) {
      throw new IllegalStateException("the bench's own log is missing");
    }
    long nanos = 0;
    try (PoliteHttp http =
            new PoliteHttp(configuration.requests(), Clock.systemUTC(), new SecureRandom());
        LogClient client = log.source().open(new LogTools(http, Clock.systemUTC()))) {
      TreeHead head = Checkpoint.parse(SignedNote.parse(client.head()).text()).head();
      for (long at = 0; at < head.size(); ) {
        Leaves leaves = client.leaves(at, Math.min(at + CHUNK, head.size()), head);
        ChunkJudge.hash(leaves);
        long start = System.nanoTime();
        ChunkJudge.hash(leaves);
        nanos += System.nanoTime() - start;
        at = leaves.to();
        leaves.release();
      }
    } catch (LogUnavailableException | BadAnswerException | MalformedNoteException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's log: " + e.getMessage());
    }
    return entries / (nanos / 1e9);
  }

  private void report(List<Run> runs, double bound) {
    Run cold = runs.getFirst();
    Run run = runs.getLast();
    long young = runs.stream().mapToLong(Run::collections).sum();
    long full = runs.stream().mapToLong(Run::fullCollections).sum();
    double rate = entries / run.seconds();
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("entries", entries);
      line.put("watches", watches);
      line.put("lookalikes", lookalikes);
      line.put("allowlistDigests", digests);
      line.put("seconds", run.seconds());
      line.put("entriesPerSecond", Math.round(rate));
      line.put("hashOnlyEntriesPerSecond", Math.round(bound));
      line.put("ratio", rate / bound);
      line.put("coldEntriesPerSecond", Math.round(entries / cold.seconds()));
      line.put("peakRssMebibytes", run.peakRss());
      line.put("allocatedBytesPerEntry", run.allocated() / entries);
      line.put("youngCollections", young);
      line.put("fullCollections", full);
      System.out.println(line);
      return;
    }
    System.out.printf(
        "%,d entries judged in %.2f s: %,.0f entries/s (cold: %,.0f)%n",
        entries, run.seconds(), rate, entries / cold.seconds());
    System.out.printf(
        "hashing the same bytes alone: %,.0f entries/s; ratio %.2f%n", bound, rate / bound);
    System.out.printf(
        "peak memory %d MiB, %,d bytes allocated per entry, %d young and %d full collections%n",
        run.peakRss(), run.allocated() / entries, young, full);
    System.out.printf(
        "%,d watches%s, %,d digests allowed%n",
        watches, lookalikes ? " with look-alikes" : "", digests);
  }

  /// The process's peak resident memory in MiB; -1 where the system does not tell it.
  private static long peakRss() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(-1L);
    } catch (IOException _) {
      return -1;
    }
  }

  private Path write(Path folder, ChildLog log) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Path allowlist = folder.resolve("allow.txt");
    try (BufferedWriter list = Files.newBufferedWriter(allowlist)) {
      byte[] digest = new byte[32];
      for (int i = 0; i < digests; i++) {
        random.nextBytes(digest);
        list.write("sha256:" + HexFormat.of().formatHex(digest) + "\n");
      }
    }
    // One that lies there, as it does nearly always: what was just written is read again and again.
    Files.setLastModifiedTime(allowlist, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "bench@sigwarden.invalid");
    root.putObject("storage").put("url", "sqlite:" + DB);
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
      if (lookalikes) {
        watch.put("lookalikes", true);
      }
      watch.putObject("expect").putArray("allowlists").add("releases");
    }
    Path file = folder.resolve("bench.yaml");
    Files.writeString(file, EventJson.JSON.writeValueAsString(root));
    return file;
  }

  /// Deletes the database.
  private static void forget(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.getFileName().toString().startsWith(DB)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
