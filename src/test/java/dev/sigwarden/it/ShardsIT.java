package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.practice.PracticeRekor;
import dev.sigwarden.sim.RekorFault;
import dev.sigwarden.tail.LogStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Shards that come and go without an edit of the configuration.
class ShardsIT {
  @TempDir private Path folder;

  private RekorProgram rekor;
  private WholeProgram program;

  @BeforeEach
  void create() {
    rekor = new RekorProgram(folder);
    program = rekor.program();
    rekor.others(20);
  }

  @AfterEach
  void close() {
    rekor.close();
  }

  @Test
  void shard_that_comes_later_is_read_from_its_first_entry_and_announced() {
    program.config().log("start", "head");
    program.start();
    rekor.awaitJudged();
    long last = rekor.watched("last of the old shard");
    rekor.simulated().rekor().rotate();
    long first = rekor.watched("first of the new shard");
    rekor.others(15).awaitJudged();
    rekor.awaitPosition(0, 21);

    assertThat(rekor.unexpected(0)).containsExactly(last);
    assertThat(rekor.unexpected(1)).containsExactly(first);
    Finding appeared = program.awaitFinding(Kind.LOG_APPEARED);
    assertThat(appeared.alert().log()).isEqualTo(rekor.name(1));
    assertThat(program.findings(Kind.LOG_APPEARED)).hasSize(1);
    assertThat(program.mail(appeared.alert())).contains("followed from its first entry on");
  }

  @Test
  void shard_that_came_while_nobody_watched_is_read_from_its_first_entry() {
    program.config().log("start", "head");
    program.start();
    rekor.awaitJudged();
    program.stop();
    long last = rekor.watched("last of the old shard");
    rekor.simulated().rekor().rotate();
    long first = rekor.watched("first of the new shard");
    rekor.others(15);
    program.start();
    rekor.awaitJudged();
    rekor.awaitPosition(0, 21);

    assertThat(rekor.unexpected(0)).containsExactly(last);
    assertThat(rekor.unexpected(1)).containsExactly(first);
    assertThat(program.findings(Kind.LOG_APPEARED)).hasSize(1);
  }

  @Test
  void shards_of_the_first_look_begin_where_the_configuration_says_and_are_no_news() {
    rekor.watched("before anybody watched");
    rekor.simulated().rekor().rotate();
    rekor.watched("before as well");
    rekor.others(5);
    program.config().log("start", "head");
    program.start();
    rekor.awaitJudged();
    rekor.awaitPosition(0, 21);
    long seen = rekor.watched("watched");
    rekor.others(10).awaitJudged();

    assertThat(rekor.unexpected(0)).isEmpty();
    assertThat(rekor.unexpected(1)).containsExactly(seen);
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void inactive_shard_rests_and_grows_no_staler() {
    program.config().log("stale-after", "1s");
    program.start();
    rekor.awaitJudged();
    rekor.simulated().rekor().rotate();
    rekor.others(5).awaitJudged();

    // The active shard, which stands still, is told as stale; the one that is frozen is not.
    program.until(
        "only the active shard is stale",
        () ->
            program.daemon().conditions().stream()
                .map(condition -> condition.kind() + " " + condition.log())
                .toList()
                .equals(List.of(Kind.CHECKPOINT_STALE + " " + rekor.name(1))));
    rekor.awaitLooks(5);
    assertThat(program.daemon().conditions()).hasSize(1);
  }

  @Test
  void shard_that_is_not_listed_any_more_is_told_as_a_lie() {
    rekor.simulated().rekor().rotate();
    rekor.others(5);
    program.start();
    rekor.awaitJudged();
    rekor.awaitPosition(0, 20);
    rekor
        .simulated()
        .inject(
            RekorFault.body(body ->
                    body.replaceAll("\"inactiveShards\":\\[.*?\\]", "\"inactiveShards\":[]"))
                .on(RekorFault::logInfo));

    Finding changed = program.awaitFinding(Kind.SHARDS_CHANGED);
    rekor.awaitLooks(2);
    assertThat(program.findings(Kind.SHARDS_CHANGED))
        .extracting(finding -> finding.alert().log())
        .containsExactly(rekor.name(0));
    assertThat(changed.evidence())
        .extracting(Evidence::name)
        .containsExactly("why.txt", "listed.txt", "checkpoint-known.note");
    assertThat(program.mail(changed.alert())).contains("do not vanish");
  }

  @Test
  void shard_that_hides_from_the_list_is_asked_for_after_a_restart_too() {
    rekor.simulated().rekor().rotate();
    rekor.others(5);
    program.start();
    rekor.awaitJudged();
    rekor.awaitPosition(0, 20);
    program.stop();
    rekor
        .simulated()
        .inject(
            RekorFault.body(body ->
                    body.replaceAll("\"inactiveShards\":\\[.*?\\]", "\"inactiveShards\":[]"))
                .on(RekorFault::logInfo));
    program.start();

    program.awaitFinding(Kind.SHARDS_CHANGED);
    program.until("a failed turn", () -> rekor.errors().contains("is not listed any more"));
    assertThat(program.daemon().logs())
        .extracting(LogStatus::log)
        .containsExactlyInAnyOrder(rekor.name(0), rekor.name(1));
    rekor.simulated().heal();
    program.until("a turn without error", () -> rekor.errors().isEmpty());
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void consistency_alone_is_proven_if_that_is_asked_for_and_entries_are_read_later() {
    program.config().log("mode", "consistency-only");
    program.start();
    program.until("a head", () -> !rekor.views(0).isEmpty());
    long seen = rekor.watched("unexpected");
    rekor.others(60);
    program.until("the newest head", () -> rekor.views(0).getFirst().head().head().size() == 60);
    rekor.awaitLooks(4);

    assertThat(rekor.position(0)).isZero();
    assertThat(rekor.simulated().requests(RekorFault::retrieves)).isZero();
    assertThat(program.daemon().conditions()).isEmpty();
    program.stop();
    program.config().log("mode", "judge");
    program.start();
    rekor.awaitJudged();
    assertThat(rekor.unexpected(0)).containsExactly(seen);
  }

  @Test
  void lag_is_told_with_when_it_will_be_gone_and_is_over_when_it_is() {
    rekor.others(2_500);
    program.config().log("poll", "1s").requests("{at-once: 8, per-second: 15, deadline: 20s}");
    program.start();
    program.until("a first chunk", () -> rekor.position(0) > 0);
    long first = rekor.position(0);
    program.until("one more, so that a turn has ended", () -> rekor.position(0) > first);
    program.clock().pass(Duration.ofHours(2));

    Alert lag = program.awaitCondition(Kind.LOG_BACKLOG);
    assertThat(WholeProgram.field(lag.what(), "caught-up"))
        .startsWith("in about ")
        .contains(" entries/s judged, ");
    program.stop();
    program.config().requests("{at-once: 8, per-second: 10000, deadline: 20s}");
    program.start();
    rekor.awaitJudged();
    program.awaitOver(Kind.LOG_BACKLOG);
  }

  @Test
  void time_of_an_entry_is_told_after_its_grace_too() {
    program.config().grace("1m");
    program.start();
    program.until("a head", () -> !rekor.views(0).isEmpty());
    long seen = rekor.watched("late");
    rekor.others(5);
    rekor.awaitJudged();
    assertThat(program.findings()).isEmpty();
    program.clock().pass(Duration.ofMinutes(2));

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.index()).isEqualTo(seen);
    assertThat(WholeProgram.field(finding.alert().when(), "logged")).endsWith("Z");
  }

  @Test
  void fork_is_told_while_a_long_backlog_is_still_read() {
    rekor.others(1_500);
    program.config().log("poll", "1s").requests("{at-once: 8, per-second: 15, deadline: 20s}");
    program.start();
    program.until("a first chunk", () -> rekor.position(0) > 0);
    PracticeRekor instance = rekor.simulated().rekor();
    String tree = instance.treeId(0);
    TreeHead other = new TreeHead(1_500, Hash.ofData(new byte[] {1}));
    byte[] note = instance.sign(tree, other);
    rekor
        .simulated()
        .inject(
            RekorFault.body(_ ->
                    "{\"inactiveShards\":null," + PracticeRekor.fields(tree, other, note) + "}")
                .on(RekorFault::logInfo));

    program.awaitFinding(Kind.LOG_FORK);
    assertThat(rekor.position(0)).isLessThan(1_500);
  }
}
