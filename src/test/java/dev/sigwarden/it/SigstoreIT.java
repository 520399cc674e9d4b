package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.RekorFault;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.tail.LogStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One section of logs for a whole Sigstore instance, whatever its trusted root comes to name.
class SigstoreIT {
  @TempDir private Path folder;

  private SigstoreProgram sigstore;
  private WholeProgram program;

  @BeforeEach
  void create() {
    sigstore = new SigstoreProgram(folder);
    program = sigstore.program();
  }

  @AfterEach
  void close() {
    sigstore.close();
  }

  private void start() {
    sigstore.publish().start().awaitJudged();
  }

  private List<String> followed() {
    return program.daemon().logs().stream().map(LogStatus::log).toList();
  }

  private List<String> conditions() {
    return program.daemon().conditions().stream()
        .map(condition -> condition.kind().label() + " " + condition.log())
        .sorted()
        .toList();
  }

  /// The watched identity signs in a log of Rekor v2.
  private void sign(SimulatedLog log, String artifact) {
    log.append(sigstore.signed(artifact));
  }

  /// The watched identity signs in the active shard of Rekor v1.
  private void signInRekor(String artifact) {
    sigstore.rekor().rekor().append(sigstore.signed(artifact));
    sigstore.rekor().rekor().publish();
  }

  @Test
  void one_section_judges_every_log_that_the_root_names_from_its_head_on() {
    signInRekor("before anybody watched");
    sign(sigstore.log(0), "before as well");
    start();
    signInRekor("release");
    signInRekor("theft in v1");
    sign(sigstore.log(0), "release");
    sign(sigstore.log(0), "theft in v2");
    sigstore.awaitJudged();

    assertThat(followed())
        .containsExactlyInAnyOrder(
            sigstore.shard(0), sigstore.shard(1), SigstoreProgram.name(sigstore.log(0)));
    program.until("both thefts", () -> sigstore.unexpected().size() == 2);
    assertThat(sigstore.unexpected())
        .containsExactlyInAnyOrder(
            sigstore.shard(1) + ":7", SigstoreProgram.name(sigstore.log(0)) + ":12");
    assertThat(program.findings()).hasSize(2);
    assertThat(program.findings())
        .extracting(finding -> WholeProgram.field(finding.alert().where(), "protocol"))
        .containsExactlyInAnyOrder("rekor", "rekor-tiles");
    assertThat(WholeProgram.field(program.findings().getFirst().alert().who(), "verified"))
        .startsWith("yes");
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void log_that_the_root_comes_to_name_is_read_from_its_first_entry_without_an_edit_or_restart() {
    start();
    SimulatedLog next = sigstore.addLog();
    sign(next, "theft on its first day");
    sigstore.others(300).publish().awaitJudged();
    sign(next, "theft later");
    sigstore.awaitJudged();

    String name = SigstoreProgram.name(next);
    program.until("both thefts", () -> sigstore.unexpected().size() == 2);
    assertThat(sigstore.unexpected()).containsExactlyInAnyOrder(name + ":0", name + ":301");
    Finding appeared = program.awaitFinding(Kind.LOG_APPEARED);
    assertThat(appeared.alert().log()).isEqualTo(name);
    assertThat(program.findings(Kind.LOG_APPEARED)).hasSize(1);
    assertThat(program.mail(appeared.alert())).contains("followed from its first entry on");
  }

  @Test
  void shard_and_log_that_came_while_nobody_watched_are_read_from_their_first_entries() {
    start();
    program.stop();
    SimulatedLog next = sigstore.addLog();
    sign(next, "theft in the new log");
    sigstore.rekor().rekor().rotate();
    signInRekor("theft in the new shard");
    signInRekor("and another");
    sign(sigstore.log(0), "theft in the old log");
    sigstore.others(5).publish().start().awaitJudged();

    program.until("all thefts", () -> sigstore.unexpected().size() == 4);
    assertThat(sigstore.unexpected())
        .containsExactlyInAnyOrder(
            SigstoreProgram.name(next) + ":0",
            sigstore.shard(2) + ":0",
            sigstore.shard(2) + ":1",
            SigstoreProgram.name(sigstore.log(0)) + ":10");
    assertThat(program.findings(Kind.LOG_APPEARED))
        .extracting(finding -> finding.alert().log())
        .containsExactlyInAnyOrder(SigstoreProgram.name(next), sigstore.shard(2));
  }

  @Test
  void instance_of_rekor_v1_that_the_root_comes_to_name_is_read_from_the_start_of_each_shard() {
    sigstore.unlist(sigstore.rekor().url());
    signInRekor("theft before it was named");
    sigstore.publish().start();
    String log = SigstoreProgram.name(sigstore.log(0));
    program.until("the v2 log", () -> sigstore.position(log) == 10);
    sigstore.list(sigstore.rekor().url(), sigstore.rekor().rekor().verifierKey(), Optional.empty());
    sigstore.publish().awaitJudged();

    program.until("the theft", () -> !sigstore.unexpected().isEmpty());
    assertThat(sigstore.unexpected()).containsExactly(sigstore.shard(1) + ":5");
    assertThat(program.findings(Kind.LOG_APPEARED))
        .extracting(finding -> finding.alert().log())
        .containsExactly(sigstore.instance());
  }

  @Test
  void logs_that_the_root_names_no_more_are_told_and_followed_no_more() {
    start();
    sigstore.unlist(sigstore.rekor().url());
    sigstore.publish();

    Alert gone = program.awaitCondition(Kind.LOG_DELISTED);
    assertThat(gone.log()).isEqualTo(sigstore.instance());
    assertThat(program.mail(gone)).contains("not listed any more");
    program.until(
        "the end of its shards",
        () -> followed().equals(List.of(SigstoreProgram.name(sigstore.log(0)))));
    long looks = sigstore.rekor().requests(RekorFault::logInfo);
    sign(sigstore.log(0), "theft");
    program.until("the theft", () -> sigstore.unexpected().size() == 1);
    assertThat(sigstore.rekor().requests(RekorFault::logInfo)).isLessThanOrEqualTo(looks + 1);
    assertThat(conditions()).containsExactly("log-delisted " + sigstore.instance());

    program.restart();
    assertThat(conditions()).containsExactly("log-delisted " + sigstore.instance());
    sigstore.list(sigstore.rekor().url(), sigstore.rekor().rekor().verifierKey(), Optional.empty());
    signInRekor("theft meanwhile");
    sigstore.publish().awaitJudged();
    program.awaitOver(Kind.LOG_DELISTED);
    program.until("the theft", () -> sigstore.unexpected().size() == 2);
  }

  @Test
  void log_whose_time_is_over_is_drained_and_rests_and_its_silence_is_no_news() {
    program.config().log("stale-after", "2s");
    start();
    SimulatedLog old = sigstore.log(0);
    sign(old, "theft on its last day");
    sigstore.unlist(old.url());
    sigstore.list(
        old.url(),
        old.log().verifierKey(),
        Optional.of(program.clock().instant().minus(Duration.ofHours(1))));
    sigstore.publish().awaitJudged();
    program.until("the theft", () -> sigstore.unexpected().size() == 1);
    String active = "checkpoint-stale " + sigstore.shard(1);
    program.until("only the active shard is stale", () -> conditions().equals(List.of(active)));

    program.until(
        "rest",
        () -> {
          long before = old.requests(Fault::checkpoint);
          Thread.sleep(600);
          return old.requests(Fault::checkpoint) - before <= 1;
        });
    assertThat(conditions()).containsExactly(active);
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void other_key_that_the_root_names_for_a_log_is_told_and_believed() {
    start();
    SimulatedLog log = sigstore.log(0);
    VerifierKey next = NoteSigner.generate(log.log().origin()).verifierKey();
    sigstore.list(log.url(), next, Optional.empty());
    sigstore.publish();

    Finding changed = program.awaitFinding(Kind.LOG_KEY_CHANGED);
    assertThat(changed.alert().log()).isEqualTo(SigstoreProgram.name(log));
    assertThat(WholeProgram.field(changed.alert().what(), "key-added")).isEqualTo(next.toString());
    assertThat(program.mail(changed.alert())).contains("names other keys for this log");
    sign(log, "theft");
    sigstore.awaitJudged();
    program.until("the theft", () -> sigstore.unexpected().size() == 1);
    assertThat(program.findings(Kind.LOG_KEY_CHANGED)).hasSize(1);
  }

  @Test
  void key_that_the_root_names_no_more_is_not_believed_any_more() {
    start();
    SimulatedLog log = sigstore.log(0);
    sigstore.unlist(log.url());
    sigstore.list(
        log.url(), NoteSigner.generate(log.log().origin()).verifierKey(), Optional.empty());
    sigstore.publish();
    program.awaitFinding(Kind.LOG_KEY_CHANGED);
    sign(log, "theft under the old key");

    Finding invalid = program.awaitFinding(Kind.CHECKPOINT_INVALID);
    assertThat(invalid.alert().log()).isEqualTo(SigstoreProgram.name(log));
    assertThat(sigstore.position(SigstoreProgram.name(log))).isEqualTo(10);
  }

  @Test
  void start_without_the_repository_follows_what_was_named_last() {
    start();
    program.stop();
    sigstore.repository().down(true);
    signInRekor("theft in v1");
    sign(sigstore.log(0), "theft in v2");
    program.start();
    sigstore.awaitJudged();

    program.until("both thefts", () -> sigstore.unexpected().size() == 2);
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void first_start_without_the_repository_is_told_and_follows_once_it_is_there() {
    sigstore.publish().repository().down(true);
    program.start();

    Alert missing = program.awaitCondition(Kind.TRUST_STALE);
    assertThat(missing.why()).contains("There is no trusted root");
    assertThat(program.daemon().unlisted()).containsExactly(ConfigFile.LOG);
    program.until("a look", () -> program.daemon().store().lasting(ConfigFile.LOG).size() == 1);
    program.clock().pass(Duration.ofMinutes(11));
    Alert unreachable = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(unreachable.log()).isEqualTo(ConfigFile.LOG);
    assertThat(WholeProgram.field(unreachable.what(), "last-error"))
        .contains("no trusted root of own was ever verified");

    sigstore.repository().down(false);
    program.clock().pass(Duration.ofMinutes(6));
    sigstore.awaitJudged();
    program.awaitOver(Kind.LOG_UNREACHABLE);
    program.awaitOver(Kind.TRUST_STALE);
    assertThat(program.daemon().unlisted()).isEmpty();
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void instance_that_is_down_delays_no_other_log_and_is_told_by_its_name() {
    sigstore.rekor().down();
    sigstore.publish().start();
    String log = SigstoreProgram.name(sigstore.log(0));
    program.until("the v2 log", () -> sigstore.position(log) == 10);
    sign(sigstore.log(0), "theft");
    program.until("the theft", () -> sigstore.unexpected().size() == 1);
    program.until(
        "a failed look", () -> !program.daemon().store().lasting(sigstore.instance()).isEmpty());

    assertThat(program.daemon().unlisted()).containsExactly(sigstore.instance());
    program.clock().pass(Duration.ofMinutes(11));
    assertThat(program.awaitCondition(Kind.LOG_UNREACHABLE).log()).isEqualTo(sigstore.instance());
  }

  @Test
  void log_that_cannot_be_followed_is_told_and_the_others_are_followed() throws Exception {
    sigstore.list(
        java.net.URI.create("ftp://log.example"),
        VerifierKey.of("log.example", SignatureType.ED25519, new byte[32]),
        Optional.empty());
    start();
    program.clock().pass(Duration.ofMinutes(11));

    Alert unreachable = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(unreachable.log()).isEqualTo(ConfigFile.LOG);
    assertThat(WholeProgram.field(unreachable.what(), "last-error"))
        .contains("ftp://log.example")
        .contains("expected: an http or https URL");
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void trusted_root_in_a_file_names_the_logs_as_well() throws IOException {
    sigstore.publish();
    Files.write(
        folder.resolve("trusted_root.json"),
        sigstore.repository().file(sigstore.repository().targetPath()));
    program.config().trust("{own: {source: trusted-root, file: trusted_root.json}}");
    program.start();
    sigstore.awaitJudged();
    signInRekor("theft");
    program.until("the theft", () -> sigstore.unexpected().size() == 1);
    assertThat(sigstore.unexpected()).containsExactly(sigstore.shard(1) + ":5");
  }

  @Test
  void beginning_that_the_configuration_names_is_that_of_every_log() {
    program.config().log("start", "\"0\"");
    signInRekor("theft long ago");
    sign(sigstore.log(0), "theft long ago");
    start();

    program.until("both thefts", () -> sigstore.unexpected().size() == 2);
    assertThat(sigstore.unexpected())
        .containsExactlyInAnyOrder(
            sigstore.shard(1) + ":5", SigstoreProgram.name(sigstore.log(0)) + ":10");
    assertThat(program.findings(Kind.LOG_APPEARED)).isEmpty();
  }

  @Test
  void commands_know_the_logs_of_the_instance() {
    sigstore.publish();
    signInRekor("theft in v1");
    sign(sigstore.log(0), "theft in v2");
    String config = program.config().save().toString();
    List<String> tail = List.of("--config", config);

    Program.Outcome check = command("check", "--online", tail);
    assertThat(check.exit()).as(check.err()).isZero();
    assertThat(check.out())
        .contains("log " + sigstore.shard(0) + ": good")
        .contains("log " + sigstore.shard(1) + ": good")
        .contains("log " + SigstoreProgram.name(sigstore.log(0)) + ": good");
    assertThat(folder.resolve("state")).doesNotExist();

    Program.Outcome scan = command("scan", "--log", sigstore.shard(1), tail);
    assertThat(scan.exit()).as(scan.err()).isEqualTo(1);
    assertThat(scan.out()).contains("entries [0, 6) are proven");
    // The newest log of the instance.
    Program.Outcome newest = command("scan", "--log", ConfigFile.LOG, tail);
    assertThat(newest.exit()).as(newest.err()).isEqualTo(1);
    assertThat(newest.out()).contains("entries [0, 11) are proven");

    for (String entry :
        List.of(sigstore.shard(1) + ":5", SigstoreProgram.name(sigstore.log(0)) + ":10")) {
      Program.Outcome explain = command("explain", entry, tail);
      assertThat(explain.exit()).as(explain.err()).isZero();
      assertThat(explain.out()).contains("\"proven\" : true").contains("acme/app");
    }
    assertThat(command("scan", "--log", ConfigFile.LOG + "/nothing", tail))
        .satisfies(it -> assertThat(it.exit()).isEqualTo(2))
        .satisfies(it -> assertThat(it.err()).contains(sigstore.instance()));

    sigstore.repository().down(true);
    Program.Outcome offline = command("check", "--online", tail);
    assertThat(offline.exit()).isEqualTo(1);
    assertThat(offline.out()).contains("log simulated: trusted root own: ");
  }

  @Test
  void readiness_and_metrics_know_the_logs_of_the_instance() {
    sigstore.publish().repository().down(true);
    String config = program.config().save().toString();
    try (Program daemon = Program.start(folder, "run", "--config", config)) {
      program.until(
          "an answer that it is not known which logs there are",
          () ->
              daemon
                  .get("/q/health/ready")
                  .contains("\"simulated\": \"which logs it has is not known yet"));
      sigstore.repository().down(false);
      program.until(
          "readiness", () -> daemon.get("/q/health/ready").contains("\"status\": \"UP\""));
      program.until(
          "metrics of each log",
          () -> {
            String metrics = daemon.get("/q/metrics");
            return Stream.of(
                    sigstore.shard(0), sigstore.shard(1), SigstoreProgram.name(sigstore.log(0)))
                .allMatch(name ->
                    metrics.contains("sigwarden_log_position_entries{log=\"" + name + "\"}"));
          });
    }
  }

  private Program.Outcome command(String one, String two, List<String> tail) {
    return command(Stream.concat(Stream.of(one, two), tail.stream()));
  }

  private Program.Outcome command(String one, String two, String three, List<String> tail) {
    return command(Stream.concat(Stream.of(one, two, three), tail.stream()));
  }

  private Program.Outcome command(Stream<String> arguments) {
    return Program.run(folder, arguments.toArray(String[]::new));
  }
}
