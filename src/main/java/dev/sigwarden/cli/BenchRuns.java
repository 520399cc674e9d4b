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
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Passes of the whole daemon over one generated log, each from an empty database: cold, as after a
/// start, and then warm, as a daemon runs. Beside them the bound: hashing the same bytes with the
/// same threads.
///
/// @param entries in the log
/// @param runs in their order, at least one
/// @param bound leaf hashes a second
record BenchRuns(int entries, List<Run> runs, double bound) {
  /// The log's name in the configuration.
  static final String LOG = "bench";

  /// The database's name, in the configuration's folder.
  static final String DB = "bench.db";

  /// Leaves hashed at once for the bound: what a turn reads at once.
  private static final int CHUNK = 1_024;

  private static final Pattern YOUNG_POOL = Pattern.compile("Eden");
  private static final Pattern OLD_POOL = Pattern.compile("Old|Tenured");

  BenchRuns {
    runs = List.copyOf(runs);
  }

  /// One run of the daemon.
  ///
  /// @param seconds from its start to the last commit
  /// @param allocated bytes allocated meanwhile, by all threads
  /// @param collections of the heap's young part meanwhile
  /// @param fullCollections of the whole heap meanwhile
  /// @param peakRss the process's peak resident memory so far, in MiB; -1 where the system does not
  ///   tell
  record Run(
      double seconds, long allocated, long collections, long fullCollections, long peakRss) {}

  /// The passes and the bound.
  ///
  /// @param folder of the configuration
  static BenchRuns of(Configuration configuration, Path folder, int entries, int passes)
      throws IOException, CommandFailure, InterruptedException {
    List<Run> runs = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      forget(folder);
      runs.add(judge(configuration, entries));
    }
    return new BenchRuns(entries, runs, hash(configuration, entries));
  }

  private static Run judge(Configuration configuration, int entries)
      throws CommandFailure, InterruptedException {
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
          peakRss(ProcessHandle.current().pid()));
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
  private static double hash(Configuration configuration, int entries) throws CommandFailure {
    LogSettings log = configuration.logs().get(LOG);
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

  private double rate(Run run) {
    return entries / run.seconds();
  }

  /// Entries a second in the first pass.
  double firstRate() {
    return rate(runs.getFirst());
  }

  /// Entries a second in the last pass.
  double lastRate() {
    return rate(runs.getLast());
  }

  private long young() {
    return runs.stream().mapToLong(Run::collections).sum();
  }

  private long full() {
    return runs.stream().mapToLong(Run::fullCollections).sum();
  }

  /// Adds the figures of the last pass; of the first one what says so; memory and collections are
  /// of all.
  void write(ObjectNode line) {
    Run run = runs.getLast();
    line.put("seconds", run.seconds());
    line.put("entriesPerSecond", Math.round(rate(run)));
    line.put("hashOnlyEntriesPerSecond", Math.round(bound));
    line.put("ratio", rate(run) / bound);
    line.put("coldEntriesPerSecond", Math.round(firstRate()));
    line.put("peakRssMebibytes", run.peakRss());
    line.put("allocatedBytesPerEntry", run.allocated() / entries);
    line.put("youngCollections", young());
    line.put("fullCollections", full());
  }

  /// The same for people.
  void print() {
    Run run = runs.getLast();
    System.out.printf(
        "%,d entries judged in %.2f s: %,.0f entries/s (cold: %,.0f)%n",
        entries, run.seconds(), rate(run), firstRate());
    System.out.printf(
        "hashing the same bytes alone: %,.0f entries/s; ratio %.2f%n", bound, rate(run) / bound);
    System.out.printf(
        "peak memory %d MiB, %,d bytes allocated per entry, %d young and %d full collections%n",
        run.peakRss(), run.allocated() / entries, young(), full());
  }

  /// A process's peak resident memory in MiB; -1 where the system does not tell it.
  static long peakRss(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/%d/status".formatted(pid)))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(-1L);
    } catch (IOException _) {
      return -1;
    }
  }

  /// Deletes the database.
  private static void forget(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.getFileName().toString().startsWith(DB)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
