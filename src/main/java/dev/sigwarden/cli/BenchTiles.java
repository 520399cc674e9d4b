package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Configuration;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench tiles`: the whole daemon on a generated tile log, beside hashing the same
/// bytes.
@Command(
    name = "tiles",
    description = {
      "Measure how fast a tile log is judged.",
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
    try (Scratch scratch = Scratch.create("bench");
        ChildLog log = ChildLog.start(entries)) {
      Configuration configuration = Config.load(write(scratch.folder(), log));
      report(BenchRuns.of(configuration, scratch.folder(), entries, passes));
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return Exit.OK;
  }

  private void report(BenchRuns runs) {
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("entries", entries);
      line.put("watches", watches);
      line.put("lookalikes", lookalikes);
      line.put("allowlistDigests", digests);
      runs.write(line);
      System.out.println(line);
      return;
    }
    runs.print();
    System.out.printf(
        "%,d watches%s, %,d digests allowed%n",
        watches, lookalikes ? " with look-alikes" : "", digests);
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
    root.putObject("storage").put("url", "sqlite:" + BenchRuns.DB);
    root.putObject("requests").put("at-once", 16).put("per-second", 100_000);
    root.putObject("logs")
        .putObject(BenchRuns.LOG)
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
}
