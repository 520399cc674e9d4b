package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Histories;
import dev.sigwarden.store.View;
import dev.sigwarden.watch.Severity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs that show more than one history, or less than they did. What was proven stays; what is
/// served now is followed beside it.
class ForkIT {
  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
  }

  @AfterEach
  void close() {
    program.close();
  }

  /// Judged at 100 and then at 300 entries.
  private TreeHead judgedTwice() {
    program.others(100).start().awaitJudged();
    program.others(300).awaitJudged();
    return program.log().log().headAt(300);
  }

  /// The log's first `from` entries and others after them, with these signed by the watched
  /// identity at their indexes; published.
  private PracticeLog fork(long from, long size, Map<Long, String> watched) {
    PracticeLog other = program.log().log().fork(from);
    while (other.size() < size) {
      String artifact = watched.get(other.size());
      other.append(
          artifact == null ? Entries.other(1_000_000 + other.size()) : Entries.watched(artifact));
    }
    other.publish();
    return other;
  }

  private View branch() {
    List<View> views = program.views();
    assertThat(views).hasSize(2);
    return views.get(1);
  }

  private void awaitBranchJudged(long size) {
    program.until(
        "branch judged up to " + size,
        () ->
            program.views().size() == 2 && program.views().get(1).position().head().size() == size);
  }

  /// What every fork has in common, whatever the sizes.
  private Alert assertFork(TreeHead proven, PracticeLog other) {
    Finding fork = program.awaitFinding(Kind.LOG_FORK);
    assertThat(program.findings(Kind.LOG_FORK)).hasSize(1);
    assertThat(fork.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(fork.branch()).isEqualTo(1);
    assertThat(WholeProgram.field(fork.alert().what(), "known-head"))
        .isEqualTo("size %d, root sha256:%s".formatted(proven.size(), proven.root().toHex()));
    TreeHead shown = other.headAt(other.size());
    assertThat(WholeProgram.field(fork.alert().what(), "shown-head"))
        .isEqualTo("size %d, root sha256:%s".formatted(shown.size(), shown.root().toHex()));
    // Two notes by one key that contradict each other: the proof needs nothing else.
    assertThat(WholeProgram.evidence(fork, "checkpoint-known.note"))
        .isEqualTo(text(program.log().log().checkpointAt(proven.size())));
    assertThat(WholeProgram.evidence(fork, "checkpoint-shown.note"))
        .isEqualTo(text(other.checkpointAt(other.size())));
    assertThat(program.views().getFirst().position().head()).isEqualTo(proven);
    assertThat(program.mail(fork.alert()))
        .contains("A log showed two histories")
        .contains("simulated")
        .contains(proven.root().toHex())
        .contains(shown.root().toHex())
        .contains("Stop trusting this log");
    return fork.alert();
  }

  private Alert[] alerts() {
    return program.findings().stream().map(Finding::alert).toArray(Alert[]::new);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void fork_of_the_same_size() {
    TreeHead proven = judgedTwice();
    PracticeLog other = fork(250, 300, Map.of(280L, "forged release"));

    program.log().inject(Histories.serve(other));

    Alert fork = assertFork(proven, other);
    assertThat(fork.why())
        .isEqualTo("Two signed heads of the same size have different root hashes.");
    awaitBranchJudged(300);
    assertThat(branch().position().head()).isEqualTo(other.headAt(300));
    Finding forged = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(forged.branch()).isEqualTo(1);
    assertThat(forged.index()).isEqualTo(280);
    assertThat(WholeProgram.field(forged.alert().where(), "branch"))
        .isEqualTo("1: not the proven history of this log");
    assertThat(program.findings()).hasSize(2);
    assertThat(program.mail(forged.alert())).contains("not the proven history of this log");
    program.awaitDelivered();
    assertThat(program.hook().acceptedIds()).contains(fork.eventId(), forged.alert().eventId());

    // Good behaviour closes nothing and repeats nothing.
    program.log().heal();
    program.others(310).awaitJudged();
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(2);
    assertThat(program.daemon().conditions()).isEmpty();
    program.assertToldOf(fork, forged.alert());
  }

  @Test
  void fork_of_a_larger_size() {
    TreeHead proven = judgedTwice();
    PracticeLog other = fork(250, 600, Map.of(299L, "forged one", 580L, "forged two"));

    program.log().inject(Histories.serve(other));

    Alert fork = assertFork(proven, other);
    assertThat(fork.why()).contains("No proof shows that one of the two signed heads continues");
    assertThat(WholeProgram.evidence(program.awaitFinding(Kind.LOG_FORK), "consistency.json"))
        .contains("hashes");
    awaitBranchJudged(600);
    program.until("both forgeries", () -> program.findings(Kind.UNEXPECTED_SIGNATURE).size() == 2);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .allSatisfy(finding -> assertThat(finding.branch()).isEqualTo(1))
        .extracting(Finding::index)
        .containsExactlyInAnyOrder(299L, 580L);
    assertThat(program.findings()).hasSize(3);
    assertThat(program.daemon().conditions()).isEmpty();
    program.assertToldOf(alerts());
  }

  @Test
  void fork_that_is_found_after_a_restart() {
    TreeHead proven = judgedTwice();
    program.stop();
    PracticeLog other = fork(250, 400, Map.of(390L, "forged"));
    program.log().inject(Histories.serve(other));

    program.start();

    Alert fork = assertFork(proven, other);
    awaitBranchJudged(400);
    Alert forged = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert();
    program.restart();
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(2);
    assertThat(program.views()).hasSize(2);
    assertThat(program.daemon().conditions()).isEmpty();
    program.assertToldOf(fork, forged);
  }

  @Test
  void fork_from_the_first_entry_on_is_judged_from_where_reading_began() {
    program.others(300).start().awaitJudged();
    TreeHead proven = program.log().log().headAt(300);
    PracticeLog other = fork(0, 300, Map.of(5L, "forged early", 299L, "forged late"));

    program.log().inject(Histories.serve(other));

    assertFork(proven, other);
    program.until("both forgeries", () -> program.findings(Kind.UNEXPECTED_SIGNATURE).size() == 2);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactlyInAnyOrder(5L, 299L);
  }

  @Test
  void fork_below_a_start_at_the_head_is_judged_from_that_head_on() {
    program.config().log("start", "head");
    program.others(300).start().awaitJudged();
    TreeHead proven = program.log().log().headAt(300);
    PracticeLog other = fork(0, 400, Map.of(5L, "never asked for", 300L, "forged"));

    program.log().inject(Histories.serve(other));

    assertFork(proven, other);
    awaitBranchJudged(400);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactly(300L);
  }

  @Test
  void another_signature_at_the_same_index_of_a_branch_is_a_finding_of_its_own() {
    program.others(100).start().awaitJudged();
    program.others(280);
    program.log().append(Entries.watched("forged on the proven history"));
    program.others(300).awaitJudged();
    Alert first = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert();

    program.log().inject(Histories.serve(fork(250, 300, Map.of(280L, "forged on the branch"))));

    program.until("two findings", () -> program.findings(Kind.UNEXPECTED_SIGNATURE).size() == 2);
    Finding second = program.findings(Kind.UNEXPECTED_SIGNATURE).getFirst();
    assertThat(second.branch()).isEqualTo(1);
    assertThat(second.alert().uid()).isNotEqualTo(first.uid());
    assertThat(WholeProgram.field(second.alert().what(), "digest"))
        .isEqualTo("sha256:" + Entries.digest("forged on the branch"));
    program.awaitDelivered();
    assertThat(program.hook().acceptedIds()).contains(first.eventId(), second.alert().eventId());
  }

  @Test
  void two_heads_in_turn_at_one_address_are_both_followed() {
    TreeHead proven = judgedTwice();
    PracticeLog other = fork(250, 300, Map.of(290L, "forged"));

    program.log().inject(Histories.alternating(other));

    assertFork(proven, other);
    awaitBranchJudged(300);
    // Both grow, and both are read to their end.
    program.others(320);
    other.append(Entries.watched("forged again"));
    other.publish();
    program.awaitJudged();
    awaitBranchJudged(301);
    program.awaitTurns(4);
    assertThat(program.findings(Kind.LOG_FORK)).hasSize(1);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactlyInAnyOrder(290L, 300L);
    assertThat(program.findings()).hasSize(3);
    assertThat(program.position()).isEqualTo(320);
    assertThat(program.daemon().conditions()).isEmpty();
    program.assertToldOf(alerts());
  }

  @Test
  void rollback_is_told_once_it_is_no_stale_cache() {
    TreeHead proven = judgedTwice();
    PracticeLog back = program.log().log().fork(200);
    back.publish();

    program.log().inject(Histories.serve(back));
    program.awaitTurns(3);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));

    Finding rollback = program.awaitFinding(Kind.LOG_ROLLBACK);
    assertThat(rollback.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(rollback.alert().why())
        .isEqualTo("The log shows a smaller tree than it had signed before.");
    assertThat(WholeProgram.evidence(rollback, "checkpoint-shown.note"))
        .isEqualTo(text(back.checkpointAt(200)));
    assertThat(program.mail(rollback.alert())).contains("A log went back").contains("size 200");
    assertThat(program.views().getFirst().position().head()).isEqualTo(proven);

    // What grows from there is judged as a branch.
    back.append(Entries.watched("after the rollback"));
    back.publish();
    awaitBranchJudged(201);
    assertThat(program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).branch()).isEqualTo(1);
    // It went back, and then on in another way: two facts.
    program.until("both", () -> program.findings(Kind.LOG_FORK).size() == 1);
    assertThat(program.findings()).hasSize(3);
    assertThat(program.views().getFirst().position().head()).isEqualTo(proven);
    program.assertToldOf(alerts());
  }

  @Test
  void rollback_by_the_checkpoint_alone_is_told_too() {
    judgedTwice();

    program.log().inject(Histories.rollback(program.log(), 150));
    program.awaitTurns(2);
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));

    Alert rollback = program.awaitFinding(Kind.LOG_ROLLBACK).alert();
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(1);
    assertThat(program.position()).isEqualTo(300);
    assertThat(program.mail(rollback)).contains("A log went back").contains("size 150");
    program.assertToldOf(rollback);
  }

  @Test
  void stale_cache_that_catches_up_raises_no_alarm() {
    judgedTwice();
    byte[] stale = program.log().log().checkpointAt(120);
    Fault cache = (_, honest) -> honest.withBody(stale);

    program.log().inject(cache.on(Fault::checkpoint));
    program.awaitTurns(3);
    program.log().heal();
    program.others(350).awaitJudged();
    // Had the first time counted on, the second would be a rollback at once.
    program.clock().pass(Duration.ofMinutes(11));
    program.log().inject(cache.on(Fault::checkpoint));
    program.awaitTurns(3);
    program.log().heal();
    program.others(400).awaitJudged();

    assertThat(program.findings()).isEmpty();
    assertThat(program.daemon().conditions()).isEmpty();
    assertThat(program.views()).hasSize(1);
    assertThat(program.position()).isEqualTo(400);
    program.assertToldOf();
  }
}
