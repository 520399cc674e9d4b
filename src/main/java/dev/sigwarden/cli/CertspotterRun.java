package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One run of Cert Spotter over a bench's log, from an empty state: how far it came, and how long
/// it took.
///
/// @param entries that it had downloaded and looked at in the end
/// @param whole whether those are all that it looks at
/// @param seconds from its start until then
/// @param peakRss its peak resident memory in MiB; -1 where the system does not tell
record CertspotterRun(long entries, boolean whole, double seconds, long peakRss) {
  /// After this it is stopped, and what it did until then counts: with many names a whole run takes
  /// minutes.
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /// Between looks at its state.
  private static final Duration LOOK = Duration.ofMillis(20);

  /// It leaves the leaves behind the last full tile for five minutes.
  private static final int TILE = 256;

  /// What is run, and on what.
  ///
  /// @param program Cert Spotter's
  /// @param jobs downloads at a time
  /// @param names the lines of its watch list
  /// @param url the log's address
  /// @param key the log's SubjectPublicKeyInfo in base64
  record Setup(Path program, int jobs, List<String> names, String url, String key) {
    Setup {
      names = List.copyOf(names);
    }
  }

  /// Runs it on the log, of `entries` entries.
  ///
  /// @param tiles whether through the log's tiles, not its API
  /// @param folder where its files go, which is there and empty
  static CertspotterRun of(Setup setup, boolean tiles, int entries, Path folder)
      throws IOException, CommandFailure, InterruptedException {
    Files.write(folder.resolve("watchlist"), setup.names());
    Files.writeString(folder.resolve("list.json"), list(setup, tiles).toString());
    Path state = folder.resolve("state");
    ProcessBuilder builder =
        new ProcessBuilder(
            setup.program().toAbsolutePath().toString(),
            "-logs",
            "list.json",
            "-watchlist",
            "watchlist",
            "-state_dir",
            state.toString(),
            "-stdout");
    builder.directory(folder.toFile());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("XDG_CACHE_HOME", folder.toString());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("output.txt").toFile());
    long expected = tiles ? entries - entries % TILE : entries;
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      long position = 0;
      double seconds = 0;
      while (position < expected && seconds < LONGEST.toSeconds()) {
        if (process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new CommandFailure(
              Exit.OPERATIONAL,
              "Cert Spotter ended: " + Files.readString(folder.resolve("output.txt")));
        }
        position = position(state);
        seconds = (System.nanoTime() - start) / 1e9;
      }
      return new CertspotterRun(
          position, position >= expected, seconds, BenchRuns.peakRss(process.pid()));
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static ObjectNode list(Setup setup, boolean tiles) {
    ObjectNode list = EventJson.JSON.createObjectNode();
    list.put("version", "1").put("log_list_timestamp", "2026-01-01T00:00:00Z");
    ObjectNode operator = list.putArray("operators").addObject().put("name", "bench");
    operator.putArray("email");
    ObjectNode entry = operator.putArray(tiles ? "tiled_logs" : "logs").addObject();
    operator.putArray(tiles ? "logs" : "tiled_logs");
    byte[] key = Base64.getDecoder().decode(setup.key());
    entry
        .put("description", "bench")
        .put("key", setup.key())
        .put("log_id", Hash.ofData(key).toBase64())
        .put("mmd", 86_400)
        .put("certspotter_download_jobs", setup.jobs());
    entry.putObject("state").putObject("usable").put("timestamp", "2026-01-01T00:00:00Z");
    if (tiles) {
      entry.put("submission_url", "http://%s/".formatted(BenchCt.ORIGIN));
      entry.put("monitoring_url", setup.url());
    } else {
      entry.put("url", setup.url());
    }
    return list;
  }

  /// The entries that it says it is done with; 0 before it says anything.
  private static long position(Path state) throws IOException {
    Path logs = state.resolve("logs");
    if (!Files.isDirectory(logs)) {
      return 0;
    }
    try (Stream<Path> folders = Files.list(logs)) {
      Optional<Path> file =
          folders.map(folder -> folder.resolve("state.json")).filter(Files::exists).findFirst();
      if (file.isEmpty()) {
        return 0;
      }
      JsonNode json = EventJson.JSON.readTree(Files.readAllBytes(file.get()));
      return json.path("download_position").path("size").asLong();
    }
  }

  private double rate() {
    return entries / seconds;
  }

  /// Adds the figures, and how many times as fast Sigwarden was.
  void write(ObjectNode line, BenchRuns runs) {
    line.put("entries", entries);
    line.put("whole", whole);
    line.put("seconds", seconds);
    line.put("entriesPerSecond", Math.round(rate()));
    line.put("peakRssMebibytes", peakRss);
    line.put("timesAsFast", runs.lastRate() / rate());
    line.put("timesAsFastCold", runs.firstRate() / rate());
  }

  /// The same for people.
  void print(BenchRuns runs) {
    System.out.printf(
        "Cert Spotter: %,d entries in %.2f s%s: %,.0f entries/s, peak memory %d MiB;"
            + " Sigwarden is %.1f times as fast (cold: %.1f)%n",
        entries,
        seconds,
        whole ? "" : ", then stopped",
        rate(),
        peakRss,
        runs.lastRate() / rate(),
        runs.firstRate() / rate());
  }
}
