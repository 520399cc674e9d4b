package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Kind;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Desk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The race between a signature and the release pipeline that hands in its digest: by the time that
/// the grace ends, whoever came first. The clock is stepped; `ServingIT` does the same over HTTP.
class PipelineIT {
  private static final Duration GRACE = Duration.ofMinutes(15);
  private static final Deed DEED =
      new Deed("token:ci", "release", "192.0.2.1", "allowlist.add", "acme-releases", "1.4", "");

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.config().grace("15m").allowlist("{api: true}");
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

  private Desk desk() {
    return program.daemon().store().desk();
  }

  private void handIn(String artifact) {
    String line = "sha256:" + Entries.digest(artifact);
    assertThat(desk().allow("acme-releases", Map.of(line, ""), DEED, false, List.of()))
        .isEqualTo(1);
  }

  private void assertNobodyWasPaged() {
    program.clock().pass(GRACE.multipliedBy(2));
    program.awaitTurns(5);
    assertThat(program.findings()).isEmpty();
    assertThat(program.hook().messages()).isEmpty();
  }

  @Test
  void digest_within_the_grace_makes_the_signature_expected_and_pages_nobody() {
    sign("release 2");
    assertThat(verdicts()).isEqualTo(Map.of("pending", 1L));
    handIn("release 2");
    program.until("expected", () -> verdicts().equals(Map.of("expected", 1L)));
    assertNobodyWasPaged();
  }

  @Test
  void digest_before_the_signature_is_expected_at_once_after_a_restart_too() {
    handIn("release 2");
    program.restart();
    sign("release 2");
    assertThat(verdicts()).isEqualTo(Map.of("expected", 1L));
    assertNobodyWasPaged();
  }

  @Test
  void digest_that_came_before_a_restart_and_a_grace_that_ended_during_it_page_nobody() {
    sign("release 2");
    handIn("release 2");
    program.stop();
    program.clock().pass(GRACE.plusSeconds(1));
    program.start();
    program.until("expected", () -> verdicts().equals(Map.of("expected", 1L)));
    assertNobodyWasPaged();
  }

  @Test
  void no_digest_pages_when_the_grace_ends_across_a_restart() {
    sign("release 2");
    program.restart();
    assertThat(program.findings()).isEmpty();
    program.clock().pass(GRACE.plusSeconds(1));
    program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(verdicts()).isEqualTo(Map.of("unexpected", 1L));
  }

  @Test
  void revoked_digest_is_unexpected_again() {
    handIn("release 2");
    desk()
        .revoke("acme-releases", List.of("sha256:" + Entries.digest("release 2")), DEED, List.of());
    program.daemon().submitted();
    sign("release 2");
    assertThat(verdicts()).isEqualTo(Map.of("pending", 1L));
  }

  @Test
  void list_that_takes_no_lines_through_the_api_ignores_those_in_the_database() {
    program.stop();
    program.config().allowlist("{file: allow.txt}");
    program.start();
    handIn("release 2");
    program.daemon().submitted();
    sign("release 2");
    assertThat(verdicts()).isEqualTo(Map.of("pending", 1L));
  }

  @Test
  void change_of_the_file_is_audited_once_even_if_it_came_while_nothing_ran() {
    program.stop();
    program.config().allowlist("{file: allow.txt, announce: high}");
    program.start();
    program.until(
        "first sight", () -> desk().audit("acme-releases", Long.MAX_VALUE, 9).size() == 1);
    program.stop();
    program.config().allow(Entries.allowed("release 7"));
    program.start();
    program.awaitFinding(Kind.ALLOWLIST_CHANGED);
    program.restart();
    program.awaitTurns(3);
    assertThat(desk().audit("acme-releases", Long.MAX_VALUE, 9)).hasSize(2);
    assertThat(program.findings(Kind.ALLOWLIST_CHANGED)).hasSize(1);
  }
}
