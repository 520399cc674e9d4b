package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.RawHttp;
import dev.sigwarden.sim.Request;
import dev.sigwarden.verify.SplitView;
import dev.sigwarden.verify.SplitViewJson;
import dev.sigwarden.watch.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The split view of a real Sunlight log, served as one log that changes its mind.
class CtSplitViewIT {
  private static final String ORIGIN = "127.0.0.1/fixture";

  @TempDir private Path folder;

  private final Path vectors = Vectors.dir("ct/sunlight-0.8.1");
  private volatile String view = "view-a.600";

  /// Serves the view whose checkpoint it is; data tiles lie there compressed.
  private Answer serve(Request request) {
    String path = request.path().substring(1);
    Path root = vectors.resolve(view.substring(0, view.indexOf('.')));
    Path file =
        path.equals("checkpoint")
            ? vectors.resolve("checkpoints").resolve(view)
            : root.resolve(path).normalize();
    if (!file.startsWith(vectors) || !Files.isRegularFile(file)) {
      return Answer.of(404);
    }
    try {
      Answer answer = Answer.ok(Files.readAllBytes(file));
      return path.startsWith("tile/data/") ? answer.with("Content-Encoding", "gzip") : answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String publicKey() throws IOException {
    return new JsonMapper().readTree(vectors.resolve("log.v3.json").toFile()).path("key").asText();
  }

  @Test
  void is_one_finding_with_evidence_that_names_the_first_entry_that_differs() throws Exception {
    try (RawHttp server = new RawHttp(this::serve);
        WholeProgram program = new WholeProgram(folder)) {
      program
          .config()
          .log("protocol", "static-ct")
          .log("url", server.url().toString())
          .log("origin", ORIGIN)
          .log("public-key", publicKey())
          .log("mmd", "365d")
          .log("entries", "raw")
          .without("key");
      program.start().awaitPosition(600);

      view = "view-b.650";

      Finding fork = program.awaitFinding(Kind.LOG_FORK);
      assertThat(fork.alert().severity()).isEqualTo(Severity.CRITICAL);
      assertThat(WholeProgram.field(fork.alert().what(), "first-divergent-entry")).isEqualTo("512");
      program.until(
          "both views are judged",
          () ->
              program.views().size() == 2
                  && program.views().get(1).position().head().size() == 650);
      assertThat(program.findings()).hasSize(1);

      byte[] evidence =
          WholeProgram.evidence(fork, "split-view.json").getBytes(StandardCharsets.UTF_8);
      SplitView parsed = SplitViewJson.parse(evidence);
      assertThat(parsed.keys())
          .containsExactly(
              VerifierKey.of(
                  ORIGIN,
                  SignatureType.RFC6962_TREE_HEAD,
                  Base64.getDecoder().decode(publicKey())));
      assertThat(parsed.check())
          .isInstanceOfSatisfying(
              SplitView.Answer.Proven.class,
              proven -> {
                assertThat(proven.known().size()).isEqualTo(600);
                assertThat(proven.shown().size()).isEqualTo(650);
                assertThat(proven.parts()).isEqualTo(Optional.of(new SplitView.Range(512, 513)));
              });
    }
  }
}
