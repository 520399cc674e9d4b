package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.RawHttp;
import dev.sigwarden.sim.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that the real Rekor v2 server wrote, served in its stages: what is alerted is what its
/// manifest says is unexpected, and nothing else.
class RekorFixtureIT {
  /// The recorded log.
  static final Path FIXTURE = Path.of("src/test/resources/fixtures/rekor-tiles");

  private static final String SUBJECT =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.0.0";

  @TempDir private Path folder;

  private volatile String checkpoint = "checkpoint.3";

  /// The entries of the manifest.
  static List<JsonNode> manifest() throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    new JsonMapper().readTree(FIXTURE.resolve("manifest.json").toFile()).forEach(entries::add);
    return entries;
  }

  /// The entries that the watched identity signed, by GitHub's word.
  static List<JsonNode> watched() throws IOException {
    return manifest().stream()
        .filter(entry -> entry.path("subject").asText().equals(SUBJECT))
        .filter(entry -> entry.path("issuer").asText().equals(Entries.ISSUER))
        .toList();
  }

  /// The log's verifier key.
  static String vkey() throws IOException {
    return Files.readString(FIXTURE.resolve("vkey")).strip();
  }

  /// Serves the folder at the root, as a Rekor server by itself does; every client path is one that
  /// stands in the folder.
  private Answer serve(Request request) {
    String path = request.path().substring(1);
    Path file = FIXTURE.resolve(path.equals("checkpoint") ? checkpoint : path).normalize();
    if (!file.startsWith(FIXTURE) || !Files.isRegularFile(file)) {
      return Answer.of(404);
    }
    try {
      return Answer.ok(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void alerts_on_the_unexpected_entries_of_the_manifest_and_on_no_other() throws IOException {
    List<Long> unexpected = new ArrayList<>();
    StringBuilder allowed = new StringBuilder();
    boolean meant = false;
    for (JsonNode entry : watched()) {
      // Every other release was meant.
      meant = !meant;
      if (meant) {
        allowed.append(entry.path("digest").asText()).append("  a release\n");
      } else {
        unexpected.add(entry.path("index").asLong());
      }
    }
    assertThat(unexpected).isNotEmpty();
    assertThat(allowed).isNotEmpty();
    try (RawHttp server = new RawHttp(this::serve);
        WholeProgram program = new WholeProgram(folder)) {
      program
          .config()
          .log("protocol", "rekor-tiles")
          .log("url", server.url().toString())
          .log("key", vkey())
          .allow(allowed.toString());
      program.start().awaitPosition(3);
      for (int size : List.of(40, 256, 300)) {
        checkpoint = "checkpoint." + size;
        program.awaitPosition(size);
      }

      assertThat(program.findings())
          .allSatisfy(
              finding -> assertThat(finding.alert().kind()).isEqualTo(Kind.UNEXPECTED_SIGNATURE))
          .extracting(Finding::index)
          .containsExactlyInAnyOrderElementsOf(unexpected);
      assertThat(program.daemon().conditions()).isEmpty();
      program.awaitDelivered();
      assertThat(program.hook().acceptedIds()).hasSize(unexpected.size());
    }
  }
}
