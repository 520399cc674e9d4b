package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.watch.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is expected of a watched identity's signatures: allowlists, and the grace to get onto them.
class ExpectationsIT {
  private static final Duration GRACE = Duration.ofMinutes(15);

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.config().grace("15m").allow(Entries.allowed("release 1"));
    program.others(10).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  private Map<String, Long> verdicts() {
    return program.daemon().store().verdicts(ConfigFile.RELEASES);
  }

  private void sign(String artifact) {
    program.log().append(Entries.watched(artifact));
    program.awaitJudged();
  }

  @Test
  void release_on_the_allowlist_is_an_observation_and_no_alert() {
    sign("release 1");

    assertThat(verdicts()).isEqualTo(Map.of("expected", 1L));
    program.clock().pass(GRACE.multipliedBy(2));
    program.awaitTurns(3);
    assertThat(program.findings()).isEmpty();
    assertThat(program.hook().messages()).isEmpty();
  }

  @Test
  void release_that_gets_onto_the_allowlist_within_the_grace_becomes_expected() {
    sign("release 2");
    assertThat(verdicts()).isEqualTo(Map.of("pending", 1L));

    program.config().allow(Entries.allowed("release 1") + Entries.allowed("release 2"));

    program.until("expected", () -> verdicts().equals(Map.of("expected", 1L)));
    program.clock().pass(GRACE.multipliedBy(2));
    program.awaitTurns(15);
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void end_of_the_grace_makes_it_unexpected_and_tells_when_it_was_first_seen() {
    Instant before = program.clock().instant().minusMillis(1);
    sign("release 2");
    Instant after = program.clock().instant();
    assertThat(program.findings()).isEmpty();

    program.clock().pass(GRACE.plusSeconds(1));

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(verdicts()).isEqualTo(Map.of("unexpected", 1L));
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().why())
        .isEqualTo(
            "sha256:%s is not in allowlist acme-releases".formatted(Entries.digest("release 2")));
    assertThat(finding.alert().firstSeen()).isBetween(before, after);
    assertThat(finding.index()).isEqualTo(10);
    assertThat(WholeProgram.evidence(finding, "inclusion.json")).contains("\"leafIndex\" : \"10\"");
    assertThat(program.mail(finding.alert()))
        .contains("Unexpected signature selected by watch acme-release")
        .contains("release-team@acme.example")
        .contains("https://wiki.acme.example/key-compromise")
        .contains(Entries.digest("release 2"));
    program.awaitTurns(15);
    assertThat(program.findings()).hasSize(1);
  }

  @Test
  void pending_verdict_survives_a_restart_and_its_grace_is_not_begun_anew() {
    sign("release 2");
    sign("release 3");
    program.stop();
    program.clock().pass(GRACE.plusSeconds(1));
    program.config().allow(Entries.allowed("release 2"));

    program.start();

    program.until("no verdict pending", () -> !verdicts().containsKey("pending"));
    assertThat(verdicts()).isEqualTo(Map.of("expected", 1L, "unexpected", 1L));
    assertThat(program.findings()).extracting(Finding::index).containsExactly(11L);
  }

  @Test
  void allowlist_that_is_half_written_changes_nothing_and_is_told() throws IOException {
    program.config().grace("0s");
    program.restart();
    String whole = Entries.allowed("release 1") + Entries.allowed("release 2");
    Path list = folder.resolve("allow.txt");
    Files.writeString(list, whole.substring(0, whole.length() - 50));

    Alert unreadable = program.awaitCondition(Kind.ALLOWLIST_UNREADABLE);
    sign("release 1");
    assertThat(verdicts()).isEqualTo(Map.of("expected", 1L));
    assertThat(program.mail(unreadable))
        .contains("acme-releases")
        .contains("what it held before stays in force");

    Files.writeString(list, whole);
    program.awaitOver(Kind.ALLOWLIST_UNREADABLE);
    sign("release 2");
    assertThat(verdicts()).isEqualTo(Map.of("expected", 2L));
    assertThat(program.findings()).isEmpty();
    assertThat(program.position()).isEqualTo(12);
    program.assertToldOf(unreadable);
  }

  @Test
  void allowlist_that_is_gone_changes_nothing_and_is_told() throws IOException {
    Files.delete(folder.resolve("allow.txt"));

    program.awaitCondition(Kind.ALLOWLIST_UNREADABLE);
    sign("release 1");
    assertThat(verdicts()).isEqualTo(Map.of("expected", 1L));
    program.config().allow(Entries.allowed("release 1"));
    program.awaitOver(Kind.ALLOWLIST_UNREADABLE);
  }
}
