package dev.sigwarden.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeCtLog;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedCt;
import dev.sigwarden.watch.Severity;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a Certificate Transparency log can sign wrongly, each told as what it is.
class CtHeadsIT {
  private static final String API = "ct";
  private static final String TILES = "static-ct";

  @TempDir private Path folder;

  private CtProgram ct;

  private CtProgram open(String protocol) {
    ct = new CtProgram(folder, protocol);
    return ct;
  }

  @AfterEach
  void close() {
    ct.close();
  }

  private static PracticeCtLog grown(PracticeCtLog log, long size, String words) {
    while (log.size() < size) {
      log.append(SimulatedCt.entry(words + " " + log.size()));
    }
    log.publish();
    return log;
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_split_view_is_told_at_once_and_both_sides_are_judged(String protocol) {
    open(protocol).startedAt(300);
    PracticeCtLog other = grown(ct.simulated().log().fork(250), 260, "theirs");
    long stolen = other.append(SimulatedCt.entry("stolen words on the other side"));
    grown(other, 400, "theirs");

    ct.simulated().inject(SimulatedCt.serve(other));

    Finding fork = ct.program().awaitFinding(Kind.LOG_FORK);
    assertThat(fork.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(WholeProgram.evidence(fork, "checkpoint-known.note")).contains("\n300\n");
    assertThat(WholeProgram.evidence(fork, "checkpoint-shown.note")).contains("\n400\n");
    Finding found = ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(found.index()).isEqualTo(stolen);
    assertThat(found.branch()).isEqualTo(1);
    ct.awaitTurns(3);
    assertThat(ct.program().findings()).hasSize(2);
  }

  @Test
  void a_log_that_has_its_head_elsewhere_is_read_by_its_tiles() {
    open(TILES).others(300);
    ct.simulated().inject(((Fault) (_, _) -> Answer.of(404)).on("checkpoint"::equals));
    ct.program().config().log("sth-url", ct.simulated().url().toString());
    ct.program().start().awaitPosition(300);
    assertThat(ct.simulated().requests(path -> path.startsWith("ct/v1/get-entries"))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void mirrors_that_disagree_are_a_split_view(String protocol) {
    open(protocol).others(300);
    PracticeCtLog other = grown(ct.simulated().log().fork(250), 300, "theirs");
    try (SimulatedCt mirror = new SimulatedCt(other)) {
      ct.program().config().log("mirrors", "[\"" + mirror.url() + "\"]");
      ct.program().start();
      assertThat(ct.program().awaitFinding(Kind.LOG_FORK).alert().why())
          .isEqualTo("Two signed heads of the same size have different root hashes.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void mirrors_that_lag_are_no_alarm(String protocol) {
    open(protocol).others(280);
    PracticeCtLog same = ct.simulated().log().fork(280);
    same.publish();
    ct.others(300);
    try (SimulatedCt mirror = new SimulatedCt(same)) {
      ct.program().config().log("mirrors", "[\"" + mirror.url() + "\"]");
      ct.program().start().awaitPosition(300);
      ct.awaitTurns(6);
      assertThat(ct.program().findings()).isEmpty();
      assertThat(ct.program().daemon().conditions()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_mirror_that_does_not_answer_is_told_once_it_lasts_and_holds_up_nothing(String protocol) {
    open(protocol).others(300);
    PracticeCtLog same = ct.simulated().log().fork(300);
    same.publish();
    try (SimulatedCt mirror = new SimulatedCt(same)) {
      mirror.inject((_, _) -> Answer.of(401));
      ct.program().config().log("mirrors", "[\"" + mirror.url() + "\"]");
      ct.program().start().awaitPosition(300);
      ct.awaitTurns(4);
      assertThat(ct.program().daemon().conditions()).isEmpty();
      ct.program().clock().pass(Duration.ofMinutes(11));
      Alert silent = ct.program().awaitCondition(Kind.MIRROR_UNREACHABLE);
      assertThat(WholeProgram.field(silent.what(), "last-error")).contains(mirror.url().toString());
      assertThat(ct.program().conditionKinds()).doesNotContain(Kind.LOG_UNREACHABLE);
      ct.others(310);
      ct.program().awaitPosition(310);
      mirror.heal();
      ct.program().awaitOver(Kind.MIRROR_UNREACHABLE);
      assertThat(ct.program().findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_mirror_that_answers_something_else_is_told_once_it_lasts(String protocol) {
    open(protocol).others(300);
    try (SimulatedCt mirror = new SimulatedCt(ct.simulated().log())) {
      mirror.inject((_, honest) -> honest.withBody("<html>Welcome".getBytes(UTF_8)));
      assertToldOfMirror(mirror);
    }
  }

  /// The head is of another history, which nothing else shows: a fork that cannot be proven.
  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_mirror_that_proves_nothing_of_its_head_is_told_once_it_lasts(String protocol) {
    open(protocol).others(300);
    PracticeCtLog other = grown(ct.simulated().log().fork(250), 400, "theirs");
    try (SimulatedCt mirror = new SimulatedCt(other)) {
      mirror.inject(((Fault) (_, _) -> Answer.of(403)).on(path -> !SimulatedCt.heads(path)));
      assertToldOfMirror(mirror);
    }
  }

  private void assertToldOfMirror(SimulatedCt mirror) {
    ct.program().config().log("mirrors", "[\"" + mirror.url() + "\"]");
    ct.program().start().awaitPosition(300);
    ct.awaitTurns(4);
    assertThat(ct.program().daemon().conditions()).isEmpty();
    ct.program().clock().pass(Duration.ofMinutes(11));
    Alert told = ct.program().awaitCondition(Kind.MIRROR_UNREACHABLE);
    assertThat(WholeProgram.field(told.what(), "last-error")).contains(mirror.url().toString());
    assertThat(ct.program().conditionKinds()).doesNotContain(Kind.LOG_UNREACHABLE);
    ct.others(310);
    ct.program().awaitPosition(310);
    assertThat(ct.program().findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_smaller_tree_signed_later_is_a_rollback_at_once(String protocol) {
    open(protocol).startedAt(300);
    ct.program().clock().pass(Duration.ofSeconds(1));
    ct.simulated().log().publish(200);
    Finding rollback = ct.program().awaitFinding(Kind.LOG_ROLLBACK);
    assertThat(WholeProgram.evidence(rollback, "checkpoint-known.note")).contains("\n300\n");
    assertThat(WholeProgram.evidence(rollback, "checkpoint-shown.note")).contains("\n200\n");
    assertThat(ct.program().position()).isEqualTo(300);
    ct.awaitTurns(3);
    assertThat(ct.program().findings()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_smaller_tree_signed_before_is_a_stale_front_end(String protocol) {
    open(protocol).others(200);
    byte[] head = ct.simulated().checkpoint();
    ct.startedAt(300);
    SimulatedCt stale = ct.simulated();
    Fault old = protocol.equals(TILES) ? (_, honest) -> honest.withBody(head) : oldHead(head);
    stale.inject(old.on(SimulatedCt::heads));
    ct.awaitTurns(4);
    assertThat(ct.program().findings()).isEmpty();
    assertThat(ct.program().position()).isEqualTo(300);
  }

  /// The answer to `get-sth` that says what that checkpoint says.
  private static Fault oldHead(byte[] checkpoint) {
    byte[] answer = CtHeads.treeHead(checkpoint);
    return (_, honest) -> honest.withBody(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_log_that_signs_nothing_new_is_stale_and_then_misses_its_merge_delay(String protocol) {
    open(protocol);
    ct.program().config().log("stale-after", "2h").log("mmd", "24h");
    ct.startedAt(300);
    ct.program().clock().pass(Duration.ofHours(3));
    Alert stale = ct.program().awaitCondition(Kind.CHECKPOINT_STALE);
    assertThat(ct.program().conditionKinds()).doesNotContain(Kind.MERGE_DELAY_MISSED);
    ct.program().clock().pass(Duration.ofHours(22));
    Alert missed = ct.program().awaitCondition(Kind.MERGE_DELAY_MISSED);
    assertThat(missed.kind()).isNotEqualTo(stale.kind());
    assertThat(ct.program().findings()).isEmpty();
    // The same tree signed anew: alive, and in time.
    ct.simulated().log().publish();
    ct.program().awaitOver(Kind.MERGE_DELAY_MISSED);
    ct.program().awaitOver(Kind.CHECKPOINT_STALE);
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_larger_tree_dated_before_the_smaller_one_cannot_be(String protocol) {
    open(protocol).startedAt(300);
    try (SimulatedCt early =
        new SimulatedCt(
            ct.simulated()
                .log()
                .fork(300, Clock.offset(ct.program().clock(), Duration.ofHours(-1))))) {
      grown(early.log(), 310, "later");
      ct.simulated().inject(SimulatedCt.serve(early.log()));
      Finding wrong = ct.program().awaitFinding(Kind.CHECKPOINT_INVALID);
      assertThat(WholeProgram.evidence(wrong, "why.txt"))
          .contains("the head of 310 entries is dated")
          .contains("before the head of 300 entries");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void an_entry_dated_after_the_head_that_has_it_cannot_be(String protocol) {
    open(protocol);
    ct.others(100);
    ct.simulated()
        .log()
        .append(
            SimulatedCt.entry("from tomorrow"),
            ct.program().clock().instant().plus(Duration.ofDays(1)));
    ct.others(200);
    ct.program().start().awaitPosition(200);
    Finding wrong = ct.program().awaitFinding(Kind.CHECKPOINT_INVALID);
    assertThat(WholeProgram.evidence(wrong, "why.txt")).contains("entry 100 is dated");
    assertThat(ct.program().findings()).hasSize(1);
  }

  /// Appends an entry that was taken an hour before now, and others to `size`.
  private void lateEntry(long size) {
    ct.simulated()
        .log()
        .append(
            SimulatedCt.entry("late " + size),
            ct.program().clock().instant().minus(Duration.ofHours(1)));
    ct.others(size);
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void an_entry_that_an_earlier_head_ought_to_have_is_told_once(String protocol) {
    open(protocol);
    ct.program().config().log("mmd", "30m");
    ct.startedAt(300);
    ct.others(310);
    ct.program().awaitPosition(310);
    assertThat(ct.program().findings()).isEmpty();
    lateEntry(320);
    ct.program().awaitPosition(320);
    Finding late = ct.program().awaitFinding(Kind.MERGE_DELAY_MISSED);
    assertThat(WholeProgram.field(late.alert().what(), "entry")).isEqualTo("310");
    assertThat(WholeProgram.field(late.alert().what(), "missing-from-size")).isEqualTo("310");
    assertThat(WholeProgram.evidence(late, "checkpoint-without.note")).contains("\n310\n");
    assertThat(WholeProgram.evidence(late, "checkpoint.note")).contains("\n320\n");
    lateEntry(330);
    ct.program().awaitPosition(330);
    assertThat(ct.program().findings()).hasSize(1);
  }

  @Test
  void an_entry_taken_before_the_first_head_but_in_it_is_in_time() {
    open(TILES);
    ct.program().config().log("mmd", "30m");
    lateEntry(100);
    ct.program().start().awaitPosition(100);
    // Taken before the head of 100 entries, and less than the allowed delay.
    ct.simulated()
        .log()
        .append(
            SimulatedCt.entry("in time"),
            ct.program().clock().instant().minus(Duration.ofMinutes(20)));
    ct.others(110);
    ct.program().awaitPosition(110);
    assertThat(ct.program().findings()).isEmpty();
  }
}
