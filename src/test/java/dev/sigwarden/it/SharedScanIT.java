package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A scan by several processes on one PostgreSQL database, of which one is killed.
class SharedScanIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOG = "log-0";
  private static final long ENTRIES = 50_000;
  private static final long BUNDLES = (ENTRIES + 255) / 256;

  /// One entry in so many is signed by the watched identity.
  private static final long WATCHED_EVERY = 2_500;

  /// Bundles of one piece, and pieces that a process has in work at a time at most.
  private static final int PIECE_BUNDLES = 32;

  private static final int IN_WORK = Math.min(4, Runtime.getRuntime().availableProcessors());

  /// How long the log takes over a bundle: so that no process has read all of it before the others
  /// have begun.
  private static final int MILLIS = 100;

  @TempDir private Path folder;

  /// What a scan came to.
  ///
  /// @param summary what the command said last
  /// @param findings ids of what the database has
  /// @param asked how often each bundle was asked for, by its path
  private record Scanned(JsonNode summary, List<String> findings, Map<String, Long> asked) {
    /// The pieces of which a bundle was asked for more than once.
    Set<Integer> again() {
      return asked.entrySet().stream()
          .filter(bundle -> bundle.getValue() > 1)
          .map(bundle -> Integer.parseInt(bundle.getKey().replaceAll("[^0-9]|[.]p.*", "")))
          .map(number -> number / PIECE_BUNDLES)
          .collect(Collectors.toSet());
    }
  }

  private static void fill(SimulatedLog log) {
    for (long index = 0; index < ENTRIES; index++) {
      log.log()
          .append(
              index % WATCHED_EVERY == 7
                  ? Entries.watched("artifact " + index)
                  : Entries.other(index));
    }
    log.log().publish();
    log.inject((path, honest) -> {
      try {
        Thread.sleep(MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return honest;
    });
  }

  private Scanned scan(String name, int replicas, boolean kill) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    try (Cluster cluster = new Cluster(home, 1, replicas)) {
      cluster.fromHead();
      SimulatedLog log = cluster.logs().get(LOG);
      fill(log);
      for (int i = 0; i < replicas; i++) {
        cluster.start(i);
      }
      for (int i = 0; i < replicas; i++) {
        cluster.awaitStarted(i);
      }
      Path reach = cluster.home(0).resolve("data/sigwarden.local");
      cluster.until("where the first is reached", () -> Files.exists(reach));
      cluster.until("the log's head", () -> log.requests(Fault::checkpoint) > 1);
      try (Program scan =
          Program.start(
              cluster.home(0),
              "scan",
              "--remote",
              "--config",
              "sigwarden.yaml",
              "--log",
              LOG,
              "--json")) {
        if (kill) {
          cluster.until(
              "work of the one that is killed: " + scan.err(), () -> cluster.pieces(2) > 0);
          cluster.kill(2);
        }
        Program.Outcome ended = scan.end();
        assertThat(ended.exit()).as("%s%n%s", ended.out(), ended.err()).isEqualTo(1);
        List<String> found = new ArrayList<>();
        for (Finding finding : cluster.findings()) {
          found.add(finding.alert().uid());
        }
        assertThat(ended.out().lines().filter(line -> found.stream().anyMatch(line::contains)))
            .hasSize(found.size());
        JsonNode summary = JSON.readTree(ended.lastLine());
        assertThat(summary.path("rootHash").asText())
            .isEqualTo(log.log().headAt(ENTRIES).root().toHex());
        Map<String, Long> asked = new TreeMap<>();
        long _ =
            log.requests(path -> {
              if (Fault.bundles(path)) {
                asked.merge(path, 1L, Long::sum);
              }
              return true;
            });
        return new Scanned(summary, found.stream().sorted().toList(), asked);
      }
    }
  }

  @Test
  void three_processes_of_which_one_is_killed_find_and_prove_what_one_does() throws IOException {
    Scanned alone = scan("alone", 1, false);
    Scanned shared = scan("shared", 3, true);

    assertThat(alone.findings()).hasSize((int) (ENTRIES / WATCHED_EVERY));
    assertThat(shared.findings()).isEqualTo(alone.findings());
    for (Scanned one : List.of(alone, shared)) {
      JsonNode progress = one.summary().path("progress");
      assertThat(one.summary().path("state").asText()).isEqualTo("done");
      assertThat(progress.path("judged").asLong()).isEqualTo(ENTRIES);
      assertThat(progress.path("newFindings").asLong()).isEqualTo(alone.findings().size());
    }
    for (Scanned one : List.of(alone, shared)) {
      assertThat(one.asked()).hasSize((int) BUNDLES);
      assertThat(one.asked().values()).allMatch(times -> times <= 2);
    }
    assertThat(alone.again()).isEmpty();
    assertThat(alone.summary().path("progress").path("shares")).hasSize(1);
    // Those that took part; of what the killed one had in work, and of nothing else, what it had
    // not written down was read once more by the others.
    assertThat(shared.summary().path("progress").path("shares").size()).isGreaterThan(1);
    assertThat(shared.again()).hasSizeLessThanOrEqualTo(IN_WORK);
  }
}
