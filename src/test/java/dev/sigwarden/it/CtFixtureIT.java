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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A log that the real Sunlight wrote, served in its stages: what is alerted is what its manifest
/// says is watched, and nothing else, and nothing is read that no checkpoint covers.
class CtFixtureIT {
  private static final Path FIXTURE = Path.of("src/test/resources/fixtures/static-ct");

  @TempDir private Path folder;

  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private volatile String checkpoint = "checkpoint.3";

  private Answer serve(Request request) {
    String path = request.path().substring(1);
    requests.add(path);
    Path file = FIXTURE.resolve(path.equals("checkpoint") ? checkpoint : path).normalize();
    if (!file.startsWith(FIXTURE) || !Files.isRegularFile(file)) {
      return Answer.of(404);
    }
    try {
      Answer answer = Answer.ok(Files.readAllBytes(file));
      return path.startsWith("tile/data/") ? answer.with("Content-Encoding", "gzip") : answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"raw, text: *.watched.example*", "ct, dns: .watched.example"})
  void alerts_on_every_watched_name_of_the_manifest_and_on_no_other(String format, String watch)
      throws IOException {
    String[] selector = watch.split(": ", 2);
    JsonMapper json = new JsonMapper();
    List<Long> watched = new ArrayList<>();
    for (JsonNode entry : json.readTree(FIXTURE.resolve("manifest.json").toFile())) {
      if (entry.path("name").asText().endsWith(".watched.example")) {
        watched.add(entry.path("index").asLong());
      }
    }
    assertThat(watched).isNotEmpty();
    JsonNode log = json.readTree(FIXTURE.resolve("log.v3.json").toFile());
    try (RawHttp server = new RawHttp(this::serve);
        WholeProgram program = new WholeProgram(folder)) {
      program
          .config()
          .log("protocol", "static-ct")
          .log("url", server.url().toString())
          .log("origin", log.path("description").asText())
          .log("public-key", log.path("key").asText())
          .log("mmd", "365d")
          .log("entries", format)
          .without("key")
          .watch("names", "{identities: [{%s: \"%s\"}]}".formatted(selector[0], selector[1]));
      program.start().awaitPosition(3);
      for (int size : List.of(40, 256, 300)) {
        checkpoint = "checkpoint." + size;
        program.awaitPosition(size);
      }

      program.until("all watched names", () -> program.findings().size() >= watched.size());
      assertThat(program.findings())
          .allSatisfy(
              finding -> assertThat(finding.alert().kind()).isEqualTo(Kind.UNEXPECTED_SIGNATURE))
          .extracting(Finding::index)
          .containsExactlyInAnyOrderElementsOf(watched);
      assertThat(requests.stream().filter(path -> path.startsWith("tile/data/")))
          .doesNotHaveDuplicates();
      assertThat(requests.stream().filter(path -> path.startsWith("tile/names/"))).isEmpty();
    }
  }
}
