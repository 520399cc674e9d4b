package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Histories;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program that never runs for as long as anything may last: what it suspects, and since when it
/// waits, outlives each restart.
class RestartIT {
  /// More than half of what may last.
  private static final Duration A_WHILE = Duration.ofMinutes(6);

  private static final Fault AWAY = ((Fault) (_, _) -> Answer.of(404)).on(Fault::checkpoint);

  /// Heads are shown, and nothing that proves anything.
  private static final Fault WITHHELD =
      ((Fault) (_, _) -> Answer.of(404)).on(path -> path.startsWith("tile/"));

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.others(300).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  /// Twice a while, with a restart in between.
  private void restartInTheMiddle() {
    program.awaitTurns(3);
    program.clock().pass(A_WHILE);
    program.awaitTurns(2);
    assertThat(program.findings()).isEmpty();
    assertThat(program.daemon().conditions()).isEmpty();
    program.restart();
    program.awaitTurns(2);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(A_WHILE);
  }

  @Test
  void outage_is_told_though_each_run_is_shorter_than_the_patience() {
    program.log().inject(AWAY);

    restartInTheMiddle();

    Alert away = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(program.mail(away)).contains("Log unreachable");
    assertThat(program.position()).isEqualTo(300);
    program.log().heal();
    program.awaitOver(Kind.LOG_UNREACHABLE);
    assertThat(program.findings()).isEmpty();
    program.assertToldOf(away);
  }

  @Test
  void outage_that_ended_is_not_counted_on_after_a_restart() {
    program.log().inject(AWAY);
    program.awaitTurns(3);
    program.clock().pass(A_WHILE);
    program.log().heal();
    program.awaitTurns(3);
    program.restart();
    program.log().inject(AWAY);
    program.awaitTurns(3);
    program.clock().pass(A_WHILE);
    program.awaitTurns(3);

    assertThat(program.daemon().conditions()).isEmpty();
    assertThat(program.position()).isEqualTo(300);
    program.assertToldOf();
  }

  @Test
  void rollback_to_a_proven_head_is_told_though_each_run_is_shorter_than_the_patience() {
    program.log().inject(Histories.rollback(program.log(), 150));

    restartInTheMiddle();

    Finding rollback = program.awaitFinding(Kind.LOG_ROLLBACK);
    assertThat(program.mail(rollback.alert())).contains("A log went back").contains("size 150");
    assertThat(program.position()).isEqualTo(300);
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(1);
    program.assertToldOf(rollback.alert());
  }

  @Test
  void smaller_head_without_proof_is_told_though_it_was_shown_only_before_a_restart() {
    PracticeLog other = program.log().log().fork(50);
    while (other.size() < 250) {
      other.append(Entries.other(1_000_000 + other.size()));
    }
    byte[] smaller = other.checkpointAt(250);
    program.stop();
    program
        .log()
        .inject(((Fault) (_, _) -> Answer.ok(smaller)).on(Fault::checkpoint))
        .inject(WITHHELD);
    program.start();
    program.awaitTurns(3);
    assertThat(program.findings()).isEmpty();
    program.stop();
    // From now on the heads are honest, and still nothing is proven.
    program.log().heal().inject(WITHHELD);
    program.start();
    program.awaitTurns(3);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));

    Finding told = program.awaitFinding(Kind.LOG_ROLLBACK);
    assertThat(WholeProgram.evidence(told, "checkpoint-shown.note"))
        .isEqualTo(new String(smaller, StandardCharsets.UTF_8));
    assertThat(program.position()).isEqualTo(300);
    assertThat(program.mail(told.alert())).contains("size 250");
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(1);
    program.assertToldOf(told.alert());
  }
}
