package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.it.Program.Outcome;
import dev.sigwarden.practice.PracticeCtLog;
import dev.sigwarden.sim.SimulatedCt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The evidence of a log that forked, on the command line of the packaged program, without the log.
class EvidenceIT {
  @TempDir private Path folder;

  private CtProgram ct;

  @BeforeEach
  void create() {
    ct = new CtProgram(folder, "static-ct");
  }

  @AfterEach
  void close() {
    ct.close();
  }

  private Finding fork() {
    ct.startedAt(300);
    PracticeCtLog other = ct.simulated().log().fork(270);
    while (other.size() < 400) {
      other.append(SimulatedCt.entry("theirs " + other.size()));
    }
    other.publish();
    ct.simulated().inject(SimulatedCt.serve(other));
    return ct.program().awaitFinding(Kind.LOG_FORK);
  }

  private Outcome verify(String evidence, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("split-view.json"), evidence);
    String[] args = new String[more.length + 2];
    args[0] = "verify";
    args[1] = file.getFileName().toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return Program.run(folder, args);
  }

  @Test
  void a_fork_is_proven_offline_and_an_altered_copy_is_refused() throws IOException {
    String evidence = WholeProgram.evidence(fork(), "split-view.json");
    String key = ct.simulated().log().verifierKey().toString();
    ct.program().stop();

    Outcome proven = verify(evidence, "--key", key);
    assertThat(proven.exit()).as(proven.err()).isZero();
    assertThat(proven.err()).isEmpty();
    JsonNode answer = new JsonMapper().readTree(proven.out());
    assertThat(answer.path("verdict").asText()).isEqualTo("proven");
    assertThat(answer.path("misbehaviour").asText()).isEqualTo("split-view");
    assertThat(answer.path("firstDivergentEntry").asText()).isEqualTo("270");

    assertThat(verify(evidence).err()).contains("no --key");
    Outcome other =
        verify(
            evidence,
            "--key",
            new PracticeCtLog(SimulatedCt.ORIGIN, ct.program().clock()).verifierKey().toString());
    assertThat(other.exit()).isEqualTo(1);

    Outcome altered = verify(evidence.replaceFirst("300\\\\n", "301\\\\n"), "--key", key);
    assertThat(altered.exit()).isEqualTo(1);
    assertThat(new JsonMapper().readTree(altered.out()).path("verdict").asText())
        .isEqualTo("refused");
    assertThat(Program.run(folder, "verify").exit()).isEqualTo(2);
  }
}
