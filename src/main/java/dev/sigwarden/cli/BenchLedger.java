package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.ledger.LedgerFolder;
import dev.sigwarden.ledger.LedgerReplay;
import dev.sigwarden.ledger.ServiceKeys;
import dev.sigwarden.practice.BenchLedgerFiles;
import dev.sigwarden.practice.BenchLedgerFiles.Written;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench ledger`: how fast a copy of a CCF ledger is replayed and judged, beside hashing
/// the same files.
@Command(
    name = "ledger",
    description = {
      "Measure how fast a copy of a CCF ledger is replayed.",
      "Write the files of a CCF ledger into a temporary folder, and replay them as `scan` does: once",
      "for the proof alone (every transaction in the tree, every signed root, the node's and the",
      "service's signatures), and once with every statement decoded, its signature and certificates",
      "checked, and matched. Beside them the bound: hashing the same files with one thread.",
      "",
      "The folder takes the size asked for, and is deleted at the end."
    },
    mixinStandardHelpOptions = true)
final class BenchLedger implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,5})([mg])");

  /// The largest ledger in bytes that is written.
  private static final long MAX_SIZE = 64L << 30;

  /// What has to be free beside the ledger itself, in bytes: its last file may be longer than
  /// asked.
  private static final long SPARE = 64L << 20;

  private static final int BUFFER = 1 << 16;
  private static final double MEBIBYTE = 1 << 20;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "The ledger's size, in MiB (m) or GiB (g) (default: ${DEFAULT-VALUE}).")
  private String size = "";

  @Option(
      names = "--watches",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Watches, none of which selects a statement (default: ${DEFAULT-VALUE}).")
  private int watches;

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  /// One way over all files.
  ///
  /// @param seconds that it took
  private record Pass(double seconds) {
    double entries(Written of) {
      return of.entries() / seconds;
    }

    double mebibytes(Written of) {
      return of.bytes() / MEBIBYTE / seconds;
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    long bytes = bytes();
    if (watches < 0) {
      throw new CommandFailure(Exit.USAGE, "--watches %d (expected: >= 0)".formatted(watches));
    }
    try (Scratch scratch = Scratch.create("bench")) {
      long free = Files.getFileStore(scratch.folder()).getUsableSpace();
      if (free < bytes + SPARE) {
        throw new CommandFailure(
            Exit.OPERATIONAL,
            "%s has %,d bytes free (expected: %,d)"
                .formatted(scratch.folder(), free, bytes + SPARE));
      }
      Path files = Files.createDirectory(scratch.folder().resolve("files"));
      Watches none = watches(scratch.folder());
      Written written = BenchLedgerFiles.write(files, bytes, Clock.systemUTC(), new SecureRandom());
      Pass hashed = hash(files);
      Pass replayed = replay(files, written, Optional.empty());
      Pass judged = replay(files, written, Optional.of(none));
      report(written, hashed, replayed, judged);
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return Exit.OK;
  }

  private long bytes() throws CommandFailure {
    Matcher parts = SIZE.matcher(size);
    long bytes =
        parts.matches()
            ? Long.parseLong(parts.group(1)) << (parts.group(2).equals("g") ? 30 : 20)
            : 0;
    if (bytes < 1 || bytes > MAX_SIZE) {
      throw new CommandFailure(
          Exit.USAGE, "--size %s (expected: 64m or 1g for example, up to 64g)".formatted(size));
    }
    return bytes;
  }

  private Watches watches(Path folder) throws IOException, CommandFailure {
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "bench@sigwarden.invalid");
    root.putObject("storage").put("url", "sqlite:bench.db");
    root.putObject("receivers").putObject("console").put("channel", "console");
    root.putObject("route").putArray("receivers").add("console");
    ObjectNode all = root.putObject("watches");
    for (int i = 0; i < watches; i++) {
      ObjectNode identity = all.putObject("watch-" + i).putArray("identities").addObject();
      identity.put("issuer", "did:x509:0:sha256:*");
      identity.put("feed", "watched-" + i);
    }
    Path file = folder.resolve("bench.yaml");
    Files.writeString(file, EventJson.JSON.writeValueAsString(root));
    return Config.look(file).watches();
  }

  private static Pass hash(Path folder) throws IOException {
    long start = System.nanoTime();
    byte[] buffer = new byte[BUFFER];
    try (Stream<Path> files = Files.list(folder)) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (Path file : files.toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            sha256.update(buffer, 0, read);
          }
        }
        sha256.digest();
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
    return since(start);
  }

  private static Pass since(long start) {
    return new Pass((System.nanoTime() - start) / 1e9);
  }

  /// Replays, and judges each statement if there are watches to judge it by.
  private static Pass replay(Path folder, Written written, Optional<Watches> by)
      throws IOException, CommandFailure {
    LedgerScan scan = new LedgerScan(folder, keys(written), by.orElse(Watches.none()));
    LedgerReplay replay = new LedgerReplay(by.isPresent() ? scan::entry : (_, _) -> {});
    long start = System.nanoTime();
    LedgerFolder.Outcome outcome = new LedgerFolder(folder).replay(replay);
    Pass pass = since(start);
    boolean whole =
        outcome instanceof LedgerFolder.Outcome.Whole
            && replay.transactions() == written.transactions()
            && scan.isProven(replay)
            && scan.findings() == 0;
    if (!whole) {
      throw new CommandFailure(
          Exit.OPERATIONAL,
          "the bench's own ledger: %s, %d of %d transactions, %d findings"
              .formatted(outcome, replay.transactions(), written.transactions(), scan.findings()));
    }
    return pass;
  }

  private static ReceiptKeys keys(Written written) {
    try {
      byte[] pem = written.serviceKey().getBytes(StandardCharsets.US_ASCII);
      return ReceiptKeys.of(ServiceKeys.read(pem));
    } catch (RefusedException | dev.sigwarden.cose.MalformedCoseException e) {
      throw new IllegalStateException("a key of our own making", e);
    }
  }

  private void report(Written written, Pass hashed, Pass replayed, Pass judged) {
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("bytes", written.bytes());
      line.put("files", written.files());
      line.put("transactions", written.transactions());
      line.put("entries", written.entries());
      line.put("watches", watches);
      line.put("hashOnlyMebibytesPerSecond", hashed.mebibytes(written));
      line.put("hashOnlyEntriesPerSecond", Math.round(hashed.entries(written)));
      figures(line.putObject("replayed"), written, hashed, replayed);
      figures(line.putObject("judged"), written, hashed, judged);
      line.put("peakHeapMebibytes", peakHeap());
      line.put("maxHeapMebibytes", Runtime.getRuntime().maxMemory() >> 20);
      line.put("peakRssMebibytes", BenchRuns.peakRss(ProcessHandle.current().pid()));
      System.out.println(line);
      return;
    }
    System.out.printf(
        "%,d bytes in %,d files: %,d transactions, %,d entries%n",
        written.bytes(), written.files(), written.transactions(), written.entries());
    figures("hashed alone", written, hashed, hashed);
    figures("replayed", written, hashed, replayed);
    figures("and judged", written, hashed, judged);
    System.out.printf(
        "%,d watches; peak heap %d of %d MiB, peak memory %d MiB%n",
        watches,
        peakHeap(),
        Runtime.getRuntime().maxMemory() >> 20,
        BenchRuns.peakRss(ProcessHandle.current().pid()));
  }

  private static void figures(ObjectNode line, Written written, Pass bound, Pass pass) {
    line.put("seconds", pass.seconds());
    line.put("entriesPerSecond", Math.round(pass.entries(written)));
    line.put("mebibytesPerSecond", pass.mebibytes(written));
    line.put("ratio", bound.seconds() / pass.seconds());
  }

  private static void figures(String name, Written written, Pass bound, Pass pass) {
    System.out.printf(
        "%s: %.2f s, %,.0f entries/s, %.1f MiB/s; ratio %.3f%n",
        name,
        pass.seconds(),
        pass.entries(written),
        pass.mebibytes(written),
        bound.seconds() / pass.seconds());
  }

  /// The most that each part of the heap held at its worst, in MiB: no less than what it held at
  /// once.
  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum()
        >> 20;
  }
}
