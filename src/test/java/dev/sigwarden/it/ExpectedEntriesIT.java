package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.store.Deed;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Submission;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Releases that have to be in the log by a time. The clock is stepped.
class ExpectedEntriesIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final PracticeIdentity CONTRACTOR =
      PracticeIdentity.githubWorkflow("contractor/app", "release.yml", "refs/tags/v1.0.0");
  private static final Deed DEED =
      new Deed("token:ci", "release", "192.0.2.1", "allowlist.add", "acme-releases", "1.4", "");

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.config().allowlist("{file: allow.txt, api: true}").log("stale-after", "7d");
  }

  @AfterEach
  void close() {
    program.close();
  }

  private void start() {
    program.others(10).start().awaitJudged();
  }

  private Instant inAnHour() {
    return program.clock().instant().plus(HOUR).truncatedTo(ChronoUnit.SECONDS);
  }

  private static String line(Instant due, String log, String artifact) {
    return "due:%s %s%s".formatted(due, log, Entries.allowed(artifact));
  }

  private void handIn(String lines) throws Exception {
    Submission submission = Submission.parse(lines.getBytes(StandardCharsets.UTF_8));
    assertThat(
            program
                .daemon()
                .store()
                .desk()
                .allow("acme-releases", submission, DEED, false, List.of()))
        .isEqualTo(submission.lines().size());
    program.daemon().submitted();
  }

  private void sign(byte[] entry) {
    program.log().append(entry);
    program.awaitJudged();
  }

  private void letTheTimePass() {
    program.clock().pass(HOUR.plusSeconds(30));
    program.awaitTurns(5);
  }

  private void awaitNothingLeftToLookFor() {
    program.until(
        "nothing waits",
        () ->
            program
                .daemon()
                .store()
                .desk()
                .expected()
                .newestDue(program.clock().instant())
                .isEmpty());
  }

  @Test
  void release_that_is_logged_in_time_is_told_to_nobody() throws Exception {
    start();
    handIn(line(inAnHour(), "log:simulated ", "release 2"));
    sign(Entries.watched("release 2"));
    letTheTimePass();
    awaitNothingLeftToLookFor();
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void release_without_its_entry_is_told_once_however_often_there_is_a_restart() throws Exception {
    start();
    Instant due = inAnHour();
    handIn(line(due, "log:simulated ", "release 2"));
    program.restart();
    program.awaitTurns(3);
    assertThat(program.findings()).isEmpty();
    letTheTimePass();
    Finding finding = program.awaitFinding(Kind.EXPECTED_ENTRY_MISSING);
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().owner()).isEqualTo("release-team@acme.example");
    assertThat(WholeProgram.field(finding.alert().what(), "digest"))
        .isEqualTo("sha256:" + Entries.digest("release 2"));
    assertThat(WholeProgram.field(finding.alert().what(), "name")).isEqualTo("release-2");
    assertThat(WholeProgram.field(finding.alert().who(), "allowed-by")).isEqualTo("token:ci");
    assertThat(WholeProgram.field(finding.alert().when(), "due")).isEqualTo(due.toString());
    program.restart();
    letTheTimePass();
    program.awaitTurns(3);
    assertThat(program.findings()).hasSize(1);
    program.assertToldOf(finding.alert());
  }

  @Test
  void line_of_the_file_says_so_too_and_says_so_no_more_once_it_is_gone() {
    program.config().allowlist("{file: allow.txt, missing: low}");
    Instant due = inAnHour();
    program.config().allow(line(due, "", "release 2") + line(due, "", "release 3"));
    start();
    program.config().allow(line(due, "", "release 2"));
    program.clock().pass(Duration.ofSeconds(10));
    program.awaitTurns(20);
    letTheTimePass();
    Finding finding = program.awaitFinding(Kind.EXPECTED_ENTRY_MISSING);
    assertThat(finding.alert().severity()).isEqualTo(Severity.LOW);
    assertThat(finding.alert().watch()).isEqualTo(ConfigFile.RELEASES);
    awaitNothingLeftToLookFor();
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void entry_that_was_judged_before_the_line_was_there_counts() throws Exception {
    program.config().grace("15m");
    start();
    sign(Entries.watched("release 2"));
    handIn(line(inAnHour(), "", "release 2"));
    letTheTimePass();
    awaitNothingLeftToLookFor();
    assertThat(program.findings()).isEmpty();
  }

  /// A release by somebody whom nobody watches yet, then a watch of them, and the time passes.
  private void watchTheContractorTooLate(String since) throws Exception {
    start();
    sign(Entries.signed(CONTRACTOR, "release 2"));
    handIn(line(inAnHour(), "", "release 2"));
    program.stop();
    program
        .config()
        .watch(
            "contractor",
            "{%sidentities: [{subject: \"%s\"}], expect: {allowlists: [acme-releases]}}"
                .formatted(since, CONTRACTOR.subject()));
    program.clock().pass(HOUR.plusSeconds(30));
    program.start();
  }

  @Test
  void finding_says_what_a_watch_that_came_after_the_entry_has_not_looked_through()
      throws Exception {
    watchTheContractorTooLate("");
    Alert told = program.awaitFinding(Kind.EXPECTED_ENTRY_MISSING).alert();
    assertThat(told.why()).contains("not everywhere").doesNotContain("All that was logged");
    assertThat(WholeProgram.field(told.where(), "not-covered"))
        .startsWith("log simulated [0, 11): watch contractor selected others, or nobody");
    assertThat(told.check()).anyMatch(it -> it.contains("--from '0' --to '11'"));
  }

  @Test
  void watch_that_came_after_the_entry_looks_back_before_anybody_is_accused() throws Exception {
    watchTheContractorTooLate("since: beginning, ");
    awaitNothingLeftToLookFor();
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void entry_by_somebody_else_does_not_count() throws Exception {
    start();
    handIn(line(inAnHour(), "", "release 2"));
    sign(
        Entries.signed(
            PracticeIdentity.githubWorkflow("evil/app", "release.yml", "refs/tags/v1.0.0"),
            "release 2"));
    letTheTimePass();
    program.awaitFinding(Kind.EXPECTED_ENTRY_MISSING);
  }

  @Test
  void entry_that_another_watch_selected_does_not_count() throws Exception {
    start();
    handIn(line(inAnHour(), "", "stolen words"));
    sign(Entries.watched("release 2"));
    letTheTimePass();
    program.awaitFinding(Kind.EXPECTED_ENTRY_MISSING);
  }

  @Test
  void log_that_cannot_be_read_past_the_time_is_waited_for_and_nobody_is_accused()
      throws Exception {
    start();
    handIn(line(inAnHour(), "log:simulated ", "release 2"));
    program.log().down();
    program.until("a failed turn", () -> !program.status().error().isEmpty());
    program.clock().pass(HOUR.plusSeconds(30));
    program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(program.findings()).isEmpty();
    program.log().append(Entries.watched("release 2"));
    program.log().up();
    program.awaitJudged();
    awaitNothingLeftToLookFor();
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void late_entry_is_told_with_its_place_and_people_close_the_finding() throws Exception {
    start();
    handIn(line(inAnHour(), "", "release 2"));
    letTheTimePass();
    Finding finding = program.awaitFinding(Kind.EXPECTED_ENTRY_MISSING);
    String uid = finding.alert().uid();
    program.awaitDelivered();
    sign(Entries.watched("release 2"));
    program.clock().pass(Duration.ofMinutes(1));
    program.until("a comment", () -> !program.daemon().store().lifecycle().history(uid).isEmpty());
    program.awaitDelivered();
    assertThat(program.hook().acceptedIds()).containsExactlyInAnyOrder(uid + "-1", uid + "-2");
    List<Act> acts = program.daemon().store().lifecycle().history(uid);
    assertThat(acts).singleElement().satisfies(act -> assertThat(act.note()).contains("index 10"));
    assertThat(program.daemon().store().lifecycle().find(uid).orElseThrow().state())
        .isEqualTo(FindingState.OPEN);
    program.clock().pass(Duration.ofMinutes(1));
    program.awaitTurns(3);
    assertThat(program.daemon().store().lifecycle().history(uid)).hasSize(1);
  }

  @Test
  void revoked_line_is_not_looked_for() throws Exception {
    start();
    handIn(line(inAnHour(), "", "release 2"));
    program
        .daemon()
        .store()
        .desk()
        .revoke("acme-releases", List.of("sha256:" + Entries.digest("release 2")), DEED, List.of());
    letTheTimePass();
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void earlier_time_counts_and_a_later_one_does_not() throws Exception {
    start();
    Instant due = inAnHour();
    handIn(line(due, "", "release 2"));
    Submission later =
        Submission.parse(line(due.plus(HOUR), "", "release 2").getBytes(StandardCharsets.UTF_8));
    assertThat(
            program.daemon().store().desk().allow("acme-releases", later, DEED, false, List.of()))
        .isZero();
    letTheTimePass();
    program.awaitFinding(Kind.EXPECTED_ENTRY_MISSING);
  }
}
