package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Corruptions;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Histories;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs that lie and withhold what would show it. What two signed heads prove is told without
/// asking the log for anything more.
class LyingIT {
  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void judgedTwice() {
    program = new WholeProgram(folder);
    program.others(100).start().awaitJudged();
    program.others(300).awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  private PracticeLog fork(long from, long size) {
    PracticeLog other = program.log().log().fork(from);
    while (other.size() < size) {
      other.append(Entries.other(1_000_000 + other.size()));
    }
    other.publish();
    return other;
  }

  private static boolean tiles(String path) {
    return path.startsWith("tile/");
  }

  private void serveHeadOnly(PracticeLog other) {
    byte[] head = other.checkpointAt(other.size());
    program
        .log()
        .inject((path, honest) ->
            Fault.checkpoint(path) ? Answer.ok(head) : tiles(path) ? Answer.of(404) : honest);
  }

  @Test
  void fork_of_the_same_size_is_told_though_the_log_withholds_its_tiles() {
    PracticeLog other = fork(250, 300);

    serveHeadOnly(other);

    Finding fork = program.awaitFinding(Kind.LOG_FORK);
    assertThat(WholeProgram.evidence(fork, "checkpoint-shown.note"))
        .isEqualTo(new String(other.checkpointAt(300), StandardCharsets.UTF_8));
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(1);
    assertThat(program.views()).hasSize(1);

    // Once the log answers for that history, it is followed; nothing is told twice.
    program.log().heal();
    program.log().inject(Histories.serve(other));
    program.until("a branch", () -> program.views().size() == 2);
    program.awaitTurns(2);
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void smaller_head_without_proof_is_told_though_honest_ones_are_shown_in_between() {
    byte[] smaller = fork(50, 250).checkpointAt(250);
    AtomicLong asked = new AtomicLong();
    // A fresh process remembers no tiles, which would prove the lie at once.
    program.stop();
    program
        .log()
        .inject((path, honest) -> {
          if (Fault.checkpoint(path)) {
            return asked.incrementAndGet() % 2 == 0 ? Answer.ok(smaller) : honest;
          }
          return tiles(path) ? Answer.of(404) : honest;
        });
    program.start();
    program.awaitTurns(4);
    assertThat(program.findings()).isEmpty();

    program.clock().pass(Duration.ofMinutes(11));

    Finding told = program.awaitFinding(Kind.LOG_ROLLBACK);
    assertThat(WholeProgram.evidence(told, "checkpoint-shown.note"))
        .isEqualTo(new String(smaller, StandardCharsets.UTF_8));
    assertThat(program.position()).isEqualTo(300);
  }

  @Test
  void smaller_head_of_another_history_is_proven_a_lie_by_the_tiles_remembered() {
    PracticeLog other = fork(50, 250);

    serveHeadOnly(other);

    Finding fork = program.awaitFinding(Kind.LOG_FORK);
    assertThat(WholeProgram.evidence(fork, "consistency.json"))
        .contains(program.log().log().headAt(250).root().toHex())
        .contains(program.log().log().headAt(300).root().toHex());
    assertThat(WholeProgram.evidence(fork, "why.txt")).contains(other.headAt(250).root().toHex());
  }

  @Test
  void second_fork_does_not_hide_behind_the_branch_of_the_first() {
    program.log().inject(Histories.serve(fork(250, 400)));
    program.until("a branch", () -> program.views().size() == 2);
    program.awaitFinding(Kind.LOG_FORK);

    program.log().heal();
    serveHeadOnly(fork(200, 300));

    program.until("a second fork", () -> program.findings(Kind.LOG_FORK).size() == 2);
  }

  @Test
  void fork_below_the_newest_head_is_proven_by_the_head_it_contradicts() {
    PracticeLog other = fork(60, 100);
    program.stop();
    serveHeadOnly(other);
    program.start();

    Finding fork = program.awaitFinding(Kind.LOG_FORK);
    assertThat(WholeProgram.evidence(fork, "checkpoint-known.note").lines().toList().get(1))
        .isEqualTo("100");
    assertThat(WholeProgram.evidence(fork, "checkpoint-shown.note").lines().toList().get(1))
        .isEqualTo("100");
  }

  @Test
  void bad_signature_for_good_is_told_once_and_the_log_counts_as_not_followed() {
    program.log().inject(Histories.badSignature());
    program.awaitFinding(Kind.CHECKPOINT_INVALID);
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(1);

    program.clock().pass(Duration.ofMinutes(11));
    Alert away = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(WholeProgram.field(away.what(), "last-error")).contains("cannot be believed");
    program.clock().pass(Duration.ofHours(25));
    program.awaitCondition(Kind.CHECKPOINT_STALE);

    program.log().heal();
    program.others(310).awaitJudged();
    program.awaitOver(Kind.LOG_UNREACHABLE);
    program.awaitOver(Kind.CHECKPOINT_STALE);
  }

  @Test
  void older_heads_of_the_proven_history_are_judged_no_second_time() {
    program.log().append(Entries.watched("unexpected"));
    program.others(320).awaitJudged();
    program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    program.log().inject(Histories.rollback(program.log(), 150));
    program.awaitTurns(2);
    program.clock().pass(Duration.ofMinutes(11));
    program.awaitFinding(Kind.LOG_ROLLBACK);

    program.log().heal().inject(Histories.rollback(program.log(), 310));
    program.awaitTurns(4);

    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE)).hasSize(1);
    assertThat(program.findings()).hasSize(2);
    assertThat(program.views()).hasSize(1);
  }

  @Test
  void wrong_key_at_first_contact_is_trouble_of_the_configuration_and_no_lie(@TempDir Path other) {
    try (WholeProgram fresh = new WholeProgram(other)) {
      fresh.others(20).log().inject(Histories.badSignature());
      fresh.start();
      fresh.until("a failed turn", () -> fresh.status().error().contains("configured key"));
      fresh.awaitTurns(3);

      assertThat(fresh.findings()).isEmpty();
      fresh.clock().pass(Duration.ofMinutes(11));
      fresh.awaitCondition(Kind.LOG_UNREACHABLE);
      fresh.log().heal();
      fresh.awaitJudged();
    }
  }

  @Test
  void withheld_tiles_alone_are_an_outage() {
    program.log().inject(Corruptions.gone(LyingIT::tiles));
    program.others(400);
    program.until("a failed turn", () -> !program.status().error().isEmpty());
    program.clock().pass(Duration.ofMinutes(11));

    program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(program.findings()).isEmpty();
  }
}
