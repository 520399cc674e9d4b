package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Histories;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WireFaults;
import dev.sigwarden.watch.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints that must not be believed, and logs that cannot be asked.
class HeadsIT {
  @TempDir private Path folder;

  private WholeProgram program;

  private WholeProgram judged(int witnesses, String... options) {
    program = new WholeProgram(folder, witnesses);
    for (int i = 0; i < options.length; i += 2) {
      program.config().log(options[i], options[i + 1]);
    }
    return program;
  }

  @AfterEach
  void close() {
    program.close();
  }

  @Test
  void checkpoint_of_another_key_is_told_and_nothing_is_read() {
    judged(0).others(100).start().awaitJudged();

    program.log().inject(Histories.otherKey(NoteSigner.generate(SimulatedLog.ORIGIN)));
    program.log().append(Entries.watched("unexpected"));

    Finding invalid = program.awaitFinding(Kind.CHECKPOINT_INVALID);
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(1);
    assertThat(program.position()).isEqualTo(100);
    assertThat(invalid.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(invalid.alert().why()).contains("checkpoint that cannot be believed");
    assertThat(WholeProgram.field(invalid.alert().what(), "reason"))
        .contains("signed by: " + SimulatedLog.ORIGIN)
        .contains("expected: " + SimulatedLog.ORIGIN);
    assertThat(WholeProgram.evidence(invalid, "checkpoint.note")).startsWith(SimulatedLog.ORIGIN);
    assertThat(program.mail(invalid.alert())).contains("A checkpoint that cannot be believed");

    program.log().heal();
    program.awaitPosition(101);
    program.assertToldOf(invalid.alert(), program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert());
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void checkpoint_with_a_bad_signature_is_told() {
    judged(0).others(100).start().awaitJudged();

    program.log().inject(Histories.badSignature());
    program.others(120);

    Finding invalid = program.awaitFinding(Kind.CHECKPOINT_INVALID);
    assertThat(WholeProgram.field(invalid.alert().what(), "reason")).contains("signature of key");
    assertThat(program.position()).isEqualTo(100);
    assertThat(program.mail(invalid.alert())).contains("A checkpoint that cannot be believed");
    program.assertToldOf(invalid.alert());
  }

  @Test
  void key_that_is_rotated_by_a_reload_is_believed_without_another_alert() {
    judged(0).others(100).start().awaitJudged();
    NoteSigner next = NoteSigner.generate(SimulatedLog.ORIGIN);
    program.log().inject(Histories.otherKey(next));
    Alert invalid = program.awaitFinding(Kind.CHECKPOINT_INVALID).alert();
    assertThat(program.mail(invalid))
        .contains("was the log's key or address changed in the configuration");

    program
        .config()
        .log("key", "[\"%s\", \"%s\"]".formatted(program.log().vkey(), next.verifierKey()))
        .save();
    program.log().append(Entries.watched("under the new key"));

    program.awaitPosition(101);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE)).hasSize(1);
    assertThat(program.findings()).hasSize(2);
    assertThat(program.views()).hasSize(1);
    assertThat(program.daemon().conditions()).isEmpty();
    program.assertToldOf(invalid, program.findings(Kind.UNEXPECTED_SIGNATURE).getFirst().alert());
  }

  @Test
  void missing_witnesses_stop_the_position_and_are_a_condition_until_they_are_back() {
    judged(2, "witness-policy", "witnesses.txt", "unreachable-after", "5m");
    program.config().write("witnesses.txt", policy());
    program.others(100).start().awaitJudged();

    program.log().inject(Histories.uncosigned(program.log()));
    program.log().append(Entries.watched("not witnessed"));
    program.awaitTurns(2);
    assertThat(program.daemon().conditions()).isEmpty();
    program.clock().pass(Duration.ofMinutes(6));

    Alert stale = program.awaitCondition(Kind.WITNESS_STALE);
    assertThat(program.findings()).isEmpty();
    assertThat(program.position()).isEqualTo(100);
    assertThat(program.mail(stale)).contains("lack the cosignatures that the operator asked for");
    program.log().heal();
    program.awaitPosition(101);
    program.awaitOver(Kind.WITNESS_STALE);
    Alert signature = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert();
    program.until("mail on the end", () -> program.mailCount(stale) == 2);
    program.assertToldOf(stale, signature);
  }

  @Test
  void cosignature_of_tomorrow_does_not_count() {
    judged(2, "witness-policy", "witnesses.txt", "unreachable-after", "5m");
    program.config().write("witnesses.txt", policy());
    program.others(100).start().awaitJudged();

    program
        .log()
        .inject(
            Histories.cosignedAt(
                program.log(), program.clock().instant().plus(Duration.ofDays(1))));
    program.others(120);
    program.awaitTurns(2);
    program.clock().pass(Duration.ofMinutes(6));

    Alert stale = program.awaitCondition(Kind.WITNESS_STALE);
    assertThat(program.position()).isEqualTo(100);
    assertThat(program.findings()).isEmpty();
    assertThat(program.mail(stale)).contains("lack the cosignatures that the operator asked for");
    program.assertToldOf(stale);
  }

  private String policy() {
    StringBuilder policy = new StringBuilder("log " + program.log().vkey() + "\n");
    for (int i = 0; i < program.log().witnesses().size(); i++) {
      policy.append("witness w%d %s\n".formatted(i, program.log().witnesses().get(i).witnessKey()));
    }
    return policy.append("group all all w0 w1\nquorum all\n").toString();
  }

  @Test
  void log_that_is_away_is_a_condition_and_is_caught_up_with() {
    judged(0).others(100).start().awaitJudged();

    program.log().down();
    program.until("a failed turn", () -> !program.status().error().isEmpty());
    program.clock().pass(Duration.ofMinutes(11));
    Alert away = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(program.mail(away)).contains("Log unreachable").contains("simulated");
    program.log().log().append(Entries.watched("meanwhile"));
    program.log().log().publish();
    program.log().up();

    program.awaitPosition(101);
    program.awaitOver(Kind.LOG_UNREACHABLE);
    assertThat(program.findings())
        .extracting(finding -> finding.alert().kind())
        .containsExactly(Kind.UNEXPECTED_SIGNATURE);
    program.until("mail on the end", () -> program.mailCount(away) == 2);
  }

  @Test
  void page_for_people_and_server_errors_are_no_misbehaviour() {
    judged(0).others(100).start().awaitJudged();

    program.log().inject(WireFaults.page());
    program.awaitTurns(5);
    program.log().heal().inject(WireFaults.status(503));
    program.until("status 503", () -> program.status().error().contains("503"));
    program.log().heal();
    program.others(150).awaitJudged();

    assertThat(program.findings()).isEmpty();
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void checkpoint_without_end_is_told_and_not_kept() {
    judged(0).others(100).start().awaitJudged();
    byte[] endless = new byte[1_100_000];
    Arrays.fill(endless, (byte) 'a');

    program.log().inject(((Fault) (_, _) -> Answer.ok(endless)).on(Fault::checkpoint));
    program.others(120);

    assertToldAsBadAnswer("body of");
  }

  @Test
  void gzip_bomb_is_told_and_not_inflated() {
    judged(0).others(100).start().awaitJudged();

    program.log().inject(WireFaults.gzipBomb(64L << 20).on(Fault::checkpoint));
    program.others(120);

    assertToldAsBadAnswer("inflates to more than");
  }

  /// Told as an outage once it lasts, and as nothing else: no checkpoint was seen.
  private void assertToldAsBadAnswer(String what) {
    program.until("a failed turn", () -> program.status().error().contains(what));
    program.awaitTurns(4);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));
    Alert outage = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(WholeProgram.field(outage.what(), "last-error"))
        .contains("/checkpoint")
        .contains(what);
    assertThat(program.position()).isEqualTo(100);
    program.log().heal();
    program.awaitJudged();
    program.awaitOver(Kind.LOG_UNREACHABLE);
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void gzip_bombs_in_place_of_entries_are_told_within_fixed_memory() {
    judged(0).others(100).start().awaitJudged();

    program.log().inject(WireFaults.gzipBomb(64L << 20).on(Fault::bundles));
    program.others(600);

    program.until("a failed turn", () -> program.status().error().contains("gzip"));
    program.awaitTurns(4);
    assertThat(program.position()).isEqualTo(100);
    assertThat(program.findings()).isEmpty();
    program.log().heal();
    program.awaitPosition(600);
  }

  @Test
  void answers_in_gzip_are_read_as_they_are() {
    judged(0);
    program.log().inject(WireFaults.gzipped());
    program.others(300);
    program.log().append(Entries.watched("unexpected"));
    program.start().awaitJudged();

    assertThat(program.findings())
        .extracting(finding -> finding.alert().kind())
        .containsExactly(Kind.UNEXPECTED_SIGNATURE);
  }

  @Test
  void log_that_shows_nothing_new_for_too_long_is_a_condition() {
    judged(0, "stale-after", "2h").others(100).start().awaitJudged();
    program.clock().pass(Duration.ofHours(3));

    Alert stale = program.awaitCondition(Kind.CHECKPOINT_STALE);
    assertThat(program.findings()).isEmpty();
    assertThat(program.mail(stale)).contains("shows no newer checkpoint");
    program.others(101).awaitJudged();
    program.awaitOver(Kind.CHECKPOINT_STALE);
  }
}
