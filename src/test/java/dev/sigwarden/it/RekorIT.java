package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.practice.PracticeRekor;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.RekorFault;
import dev.sigwarden.sim.Request;
import dev.sigwarden.sim.SimulatedRekor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Instances of Rekor v1 that answer wrongly: nothing ends in a gap that nobody is told of. What
/// mends itself is read on from where it was proven.
class RekorIT {
  private static final long PROVEN = 30;
  private static final long WATCHED = 45;
  private static final long SIZE = 60;

  @TempDir private Path folder;

  private RekorProgram rekor;
  private WholeProgram program;

  /// Judged up to `PROVEN`.
  @BeforeEach
  void create() {
    rekor = new RekorProgram(folder);
    program = rekor.program();
    rekor.others(PROVEN);
  }

  @AfterEach
  void close() {
    rekor.close();
  }

  private void start() {
    program.start();
    rekor.awaitJudged();
  }

  /// Grows to `SIZE` behind this fault, with a signature of the watched identity on the way.
  private void growBehind(RekorFault fault) {
    start();
    rekor.simulated().inject(fault);
    grow();
  }

  private void grow() {
    PracticeRekor instance = rekor.simulated().rekor();
    for (long i = PROVEN; i < SIZE; i++) {
      instance.append(i == WATCHED ? Entries.watched("unexpected") : Entries.other(i));
    }
    instance.publish();
  }

  private void assertMended() {
    rekor.simulated().heal();
    rekor.awaitPosition(0, SIZE);
    assertThat(rekor.unexpected(0)).containsExactly(WATCHED);
    program.until("a turn without error", () -> rekor.errors().isEmpty());
    program.awaitOver(Kind.LOG_UNREACHABLE);
  }

  /// Every list lacks that index of the first shard.
  private RekorFault dropped(long index) {
    RekorFault dropped =
        (request, _) ->
            rekor
                .simulated()
                .honest(
                    new Request(
                        request.method(),
                        request.path(),
                        request.headers(),
                        request.body().replaceFirst("\\b" + index + "\\b", "999999999")));
    return dropped.on(RekorFault::retrieves);
  }

  private String entry(long index) {
    return rekor.simulated().rekor().entry(index).orElseThrow();
  }

  @Test
  void dropped_index_that_is_there_when_asked_again_is_no_trouble() {
    growBehind(dropped(WATCHED));

    rekor.awaitPosition(0, SIZE);
    assertThat(rekor.unexpected(0)).containsExactly(WATCHED);
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void dropped_index_stops_the_position_before_it_and_is_told() {
    RekorFault gone = (_, _) -> Answer.of(404);
    RekorFault dropped = dropped(WATCHED);
    growBehind((request, honest) ->
        gone.on(RekorFault::entries).apply(request, dropped.apply(request, honest)));

    rekor.assertToldAsOutage("entry 45 of tree");
    assertThat(rekor.position(0)).isEqualTo(WATCHED);
    assertMended();
  }

  @Test
  void duplicated_index_is_told() {
    growBehind(
        RekorFault.body(body ->
                body.contains("\"logIndex\":45,\"ver")
                    ? body.replace(entry(WATCHED), entry(WATCHED - 1))
                    : body)
            .on(RekorFault::retrieves));

    rekor.assertToldAsOutage("logIndex 44 (expected: in [45, 46))");
    assertThat(rekor.position(0)).isEqualTo(WATCHED);
    assertMended();
  }

  @Test
  void reordered_answer_is_put_in_order() {
    growBehind(
        RekorFault.body(body ->
                body.contains("\"logIndex\":44,\"ver")
                    ? body.replace(entry(WATCHED), "@")
                        .replace(entry(WATCHED - 1), entry(WATCHED))
                        .replace("@", entry(WATCHED - 1))
                    : body)
            .on(RekorFault::retrieves));

    rekor.awaitPosition(0, SIZE);
    assertThat(rekor.unexpected(0)).containsExactly(WATCHED);
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void entries_under_each_others_index_are_told() {
    growBehind(exchanged());

    rekor.assertToldAsOutage("logIndex 45 (expected: in [44, 45))");
    assertThat(rekor.position(0)).isEqualTo(WATCHED - 1);
    assertMended();
  }

  @Test
  void entries_under_each_others_index_are_told_as_a_lie_where_no_time_tells() {
    program.config().log("timestamps", "false");
    growBehind(exchanged());

    Finding mismatch = program.awaitFinding(Kind.LEAVES_MISMATCH);
    assertThat(mismatch.alert().log()).isEqualTo(rekor.name(0));
    assertThat(rekor.position(0)).isEqualTo(PROVEN);
    assertMended();
  }

  private static RekorFault exchanged() {
    return RekorFault.body(body ->
            body.replace("\"logIndex\":45,\"ver", "@")
                .replace("\"logIndex\":44,\"ver", "\"logIndex\":45,\"ver")
                .replace("@", "\"logIndex\":44,\"ver"))
        .on(RekorFault::retrieves);
  }

  @Test
  void entry_of_another_shard_is_told() {
    start();
    rekor.simulated().rekor().rotate();
    program.until("the new shard", () -> rekor.position(1) == 0);
    String wrong = entry(3).replace("\"logIndex\":3,\"ver", "\"logIndex\":40,\"ver");
    rekor
        .simulated()
        .inject(
            RekorFault.body(
                    body -> body.contains("\"logIndex\":40,\"ver") ? "[" + wrong + "]" : body)
                .on(RekorFault::retrieves));
    rekor.others(20);

    program.until("a failed turn", () -> rekor.errors().contains("an entry of tree"));
    assertThat(rekor.position(1)).isEqualTo(10);
    assertThat(program.findings())
        .extracting(finding -> finding.alert().kind())
        .containsExactly(Kind.LOG_APPEARED);
    rekor.simulated().heal();
    rekor.awaitPosition(1, 20);
  }

  @Test
  void replica_that_is_behind_is_no_fork() {
    start();
    String before = rekor.simulated().rekor().logInfo();
    grow();
    rekor.awaitPosition(0, SIZE);
    RekorFault behind =
        (request, honest) -> {
          if (RekorFault.logInfo(request.path())) {
            return Answer.ok(before.getBytes(StandardCharsets.UTF_8));
          }
          // What it has not seen yet it cannot prove.
          return request.path().contains("lastSize=" + SIZE) ? Answer.of(400) : honest;
        };
    rekor.simulated().inject(behind);
    rekor.awaitLooks(10);
    rekor.simulated().heal();
    rekor.awaitLooks(10);
    program.clock().pass(Duration.ofMinutes(30));
    rekor.awaitLooks(10);

    assertThat(program.findings(Kind.LOG_FORK)).isEmpty();
    assertThat(program.findings(Kind.LOG_ROLLBACK)).isEmpty();
    assertThat(rekor.position(0)).isEqualTo(SIZE);
  }

  @Test
  void proof_for_another_size_is_told_and_nothing_is_judged() {
    String tree = rekor.simulated().rekor().treeId(0);
    growBehind(
        RekorFault.body(_ -> rekor.simulated().rekor().proof(tree, 7, 41)).on(RekorFault::proofs));

    program.awaitFinding(Kind.LEAVES_MISMATCH);
    assertThat(rekor.position(0)).isEqualTo(PROVEN);
    assertMended();
  }

  @Test
  void answer_with_eleven_entries_is_told() {
    growBehind(
        RekorFault.body(_ -> "[" + (entry(2) + ",").repeat(10) + entry(2) + "]")
            .on(RekorFault::retrieves));

    rekor.assertToldAsOutage("more entries than asked for");
    assertThat(rekor.position(0)).isEqualTo(PROVEN);
    assertMended();
  }

  @Test
  void storm_of_refusals_slows_down_and_loses_nothing() {
    AtomicInteger count = new AtomicInteger();
    growBehind((_, honest) ->
        switch (count.incrementAndGet() % 4) {
          case 0 -> honest;
          case 1 -> Answer.of(429).with("Retry-After", "1");
          default -> Answer.of(429);
        });
    program.until("many refusals", () -> count.get() > 20);

    assertMended();
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void inactive_shard_that_shrinks_is_told_as_a_rollback() {
    start();
    PracticeRekor instance = rekor.simulated().rekor();
    instance.rotate();
    rekor.others(5).awaitJudged();
    String tree = instance.treeId(0);
    TreeHead less = instance.tree(0).headAt(20);
    String honest = PracticeRekor.fields(tree, instance.head(0), instance.note(0));
    String shrunk = PracticeRekor.fields(tree, less, instance.sign(tree, less));
    rekor
        .simulated()
        .inject(RekorFault.body(body -> body.replace(honest, shrunk)).on(RekorFault::logInfo));

    program.until(
        "a rollback",
        () -> {
          // The shard rests between two looks, and a stale cache gets its patience.
          program.clock().pass(Duration.ofMinutes(6));
          return !program.findings(Kind.LOG_ROLLBACK).isEmpty();
        });
    assertThat(program.findings(Kind.LOG_ROLLBACK).getFirst().alert().log())
        .isEqualTo(rekor.name(0));
  }

  @Test
  void two_roots_for_one_size_are_a_fork() {
    start();
    PracticeRekor instance = rekor.simulated().rekor();
    TreeHead other = new TreeHead(PROVEN, Hash.ofData(new byte[] {1}));
    String tree = instance.treeId(0);
    byte[] note = instance.sign(tree, other);
    rekor
        .simulated()
        .inject(
            RekorFault.body(_ ->
                    "{\"inactiveShards\":null," + PracticeRekor.fields(tree, other, note) + "}")
                .on(RekorFault::logInfo));

    Finding fork = program.awaitFinding(Kind.LOG_FORK);
    assertThat(WholeProgram.evidence(fork, "checkpoint-shown.note"))
        .isEqualTo(new String(note, StandardCharsets.UTF_8));
    assertThat(rekor.position(0)).isEqualTo(PROVEN);
  }

  @Test
  void heads_by_another_key_are_not_believed() {
    start();
    PracticeRekor instance = rekor.simulated().rekor();
    PracticeRekor stranger =
        new PracticeRekor(SimulatedRekor.HOSTNAME, new SecureRandom(), Clock.systemUTC());
    String tree = instance.treeId(0);
    rekor
        .simulated()
        .inject(
            RekorFault.body(_ ->
                    "{\"inactiveShards\":[],"
                        + PracticeRekor.fields(
                            tree, instance.head(0), stranger.sign(tree, instance.head(0)))
                        + "}")
                .on(RekorFault::logInfo));
    grow();

    Finding invalid = program.awaitFinding(Kind.CHECKPOINT_INVALID);
    assertThat(WholeProgram.field(invalid.alert().what(), "reason")).contains("signed by");
    assertThat(rekor.position(0)).isEqualTo(PROVEN);
    rekor.simulated().heal();
    rekor.awaitPosition(0, SIZE);
  }
}
