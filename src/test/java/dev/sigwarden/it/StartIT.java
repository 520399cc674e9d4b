package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the packaged program starts, and the bench that measures what it is for.
class StartIT {
  @TempDir private Path folder;

  /// A cache that names the jar by a relative path is refused, silently, everywhere but in the
  /// jar's own folder. `AOTMode=on` makes the JVM refuse in place of going on without.
  @Test
  void cache_that_the_build_makes_is_used_from_any_folder() throws Exception {
    String app = System.getProperty("sigwarden.app");
    assumeTrue(app != null, "system property sigwarden.app is not set");
    Path cache = Path.of(app).resolve("app.aot").toAbsolutePath();
    assumeTrue(cache.toFile().exists(), () -> "the program is not packaged: no " + cache);

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:AOTMode=on",
                "-XX:AOTCache=" + cache,
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                cache.resolveSibling("quarkus-run.jar").toString(),
                "version")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).contains("sigwarden");
  }

  @Test
  void bench_of_latency_loses_no_alert_at_rest_or_beside_a_backlog() throws IOException {
    Program.Outcome outcome =
        Program.run(
            folder,
            "bench",
            "latency",
            "--alerts",
            "5",
            "--poll-interval",
            "100",
            "--backlog",
            "400000",
            "--json");

    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(outcome.lastLine());
    assertThat(figures.at("/atRest/alerts").asInt()).isEqualTo(5);
    assertThat(figures.at("/besideBacklog/alerts").asInt()).isGreaterThanOrEqualTo(5);
    assertThat(figures.at("/backlogEntriesJudged").asLong()).isPositive();
  }

  @Test
  void bench_of_certificates_judges_all_through_both_protocols() throws IOException {
    Program.Outcome outcome =
        Program.run(
            folder,
            "bench",
            "ct",
            "--entries",
            "1000",
            "--names",
            "150",
            "--passes",
            "1",
            "--json");

    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(outcome.lastLine());
    for (String protocol : List.of("static-ct", "ct")) {
      assertThat(figures.path(protocol).path("entriesPerSecond").asLong()).isPositive();
      assertThat(figures.path(protocol).path("hashOnlyEntriesPerSecond").asLong()).isPositive();
    }
  }

  @Test
  void bench_of_a_ledger_proves_and_judges_all_of_it_in_a_small_heap() throws IOException {
    Program.Outcome outcome =
        Program.run(folder, "bench", "ledger", "--size", "6m", "--watches", "10", "--json");

    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(outcome.lastLine());
    assertThat(figures.path("bytes").asLong()).isGreaterThan(6L << 20);
    assertThat(figures.path("files").asInt()).isGreaterThan(1);
    for (String pass : List.of("replayed", "judged")) {
      assertThat(figures.path(pass).path("entriesPerSecond").asLong()).isPositive();
      assertThat(figures.path(pass).path("ratio").asDouble()).isPositive();
    }
    assertThat(figures.path("maxHeapMebibytes").asInt()).isLessThanOrEqualTo(256);
  }

  @Test
  void bench_of_a_ledger_refuses_a_size_that_is_none() {
    for (String size : List.of("0m", "12", "65g", "-1g", "1.5g", "999999g")) {
      Program.Outcome outcome = Program.run(folder, "bench", "ledger", "--size=" + size);

      assertThat(outcome.exit()).as(size).isEqualTo(2);
      assertThat(outcome.err()).contains("--size " + size).contains("up to 64g");
    }
  }

  @Test
  void bench_of_latency_says_that_a_backlog_is_too_short_to_measure_beside() {
    Program.Outcome outcome =
        Program.run(
            folder,
            "bench",
            "latency",
            "--alerts",
            "1",
            "--poll-interval",
            "100",
            "--backlog",
            "1");

    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isEqualTo(4);
    assertThat(outcome.err()).contains("--backlog 1 is read before an alert arrives");
  }
}
