package dev.sigwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.merkle.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a program in the place of Cert Spotter is given, and what is read of it.
class CertspotterRunTest {
  private static final String KEY = "MFkwEwYHKoZIzj0C";

  @TempDir private Path folder;

  private CertspotterRun.Setup setup(String script) throws IOException {
    Path program = folder.resolve("program");
    Files.writeString(program, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new CertspotterRun.Setup(
        program, 7, List.of(".a.example", "b.example"), "http://127.0.0.1:1/", KEY);
  }

  private static String says(long position) {
    return "mkdir -p state/logs/id\n"
        + "echo '{\"download_position\":{\"size\":%d}}' > state/new\n".formatted(position)
        + "mv state/new state/logs/id/state.json\nexec sleep 600\n";
  }

  @ParameterizedTest
  @CsvSource({"true, 768, tiled_logs", "false, 900, logs"})
  void ends_once_it_says_that_it_is_done_with_all_that_it_looks_at(
      boolean tiles, long position, String kind) throws Exception {
    CertspotterRun run = CertspotterRun.of(setup(says(position)), tiles, 900, folder);

    assertThat(run.whole()).isTrue();
    assertThat(run.entries()).isEqualTo(position);
    assertThat(run.seconds()).isPositive();
    assertThat(Files.readAllLines(folder.resolve("watchlist")))
        .containsExactly(".a.example", "b.example");
    JsonNode log =
        EventJson.JSON
            .readTree(folder.resolve("list.json").toFile())
            .at("/operators/0/%s/0".formatted(kind));
    assertThat(log.path("key").asText()).isEqualTo(KEY);
    assertThat(Hash.ofBase64(log.path("log_id").asText()).toBase64()).isNotEmpty();
    assertThat(log.path("certspotter_download_jobs").asInt()).isEqualTo(7);
    assertThat(log.path(tiles ? "monitoring_url" : "url").asText())
        .isEqualTo("http://127.0.0.1:1/");
  }

  @Test
  void one_that_gives_up_is_a_failure_with_its_words() throws Exception {
    CertspotterRun.Setup setup = setup("echo no such log\nexit 2\n");
    assertThatThrownBy(() -> CertspotterRun.of(setup, true, 900, folder))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("no such log");
  }
}
