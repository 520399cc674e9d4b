package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.WireFaults;
import dev.sigwarden.watch.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Configurations that take away what the database still speaks of: nothing is lost, nothing hangs.
class ReconfiguredIT {
  private static final Duration GRACE = Duration.ofMinutes(15);

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.config().grace("15m").log("unreachable-after", "1s");
    program.others(10).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  private Map<String, Long> verdicts(String watch) {
    return program.daemon().store().verdicts(watch);
  }

  private void pending() {
    program.log().append(Entries.watched("release 2"));
    program.awaitJudged();
    assertThat(verdicts(ConfigFile.RELEASES)).isEqualTo(Map.of("pending", 1L));
  }

  private void change(String from, String to) throws IOException {
    Path file = program.config().path();
    String text = Files.readString(file);
    assertThat(text).contains(from);
    program.config().write(file.getFileName().toString(), text.replace(from, to));
  }

  @Test
  void renaming_a_watch_withdraws_no_pending_verdict() throws IOException {
    pending();

    change("  acme-release:\n", "  acme-renamed:\n");
    program.until("taken over", () -> verdicts("acme-renamed").equals(Map.of("pending", 1L)));
    program.clock().pass(GRACE.plusSeconds(1));

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.alert().watch()).isEqualTo("acme-renamed");
    program.until("settled", () -> verdicts(ConfigFile.RELEASES).equals(Map.of("unexpected", 1L)));
    assertThat(program.findings()).hasSize(1);
    assertThat(program.mail(finding.alert())).contains("is not in allowlist acme-releases");
  }

  @Test
  void removing_a_watch_leaves_its_pending_verdict_as_grave_as_it_was() throws IOException {
    pending();

    // At once: under its new name the watch must not be seen to select the entry still.
    String text = Files.readString(program.config().path());
    program
        .config()
        .write(
            "sigwarden.yaml",
            text.replace("  acme-release:\n", "  other-release:\n")
                .replace("github.com/acme/app/", "github.com/other/app/")
                .replace("    severity: critical", "    severity: low"));
    program.until(
        "the change in force",
        () -> program.daemon().configuration().watches().named(ConfigFile.RELEASES).isEmpty());
    program.clock().pass(GRACE.plusSeconds(1));

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().owner()).isEqualTo("release-team@acme.example");
    assertThat(program.position()).isEqualTo(11);
    assertThat(program.mail(finding.alert()))
        .contains("its watch acme-release was removed or changed before the grace ended")
        .contains("https://wiki.acme.example/key-compromise");
    program.assertToldOf(finding.alert());
  }

  @Test
  void renaming_a_log_withdraws_no_pending_verdict() throws IOException {
    pending();

    program.config().log("start", "head").save();
    change("  simulated:\n", "  renamed:\n");
    program.until(
        "the change in force",
        () -> program.daemon().configuration().logs().containsKey("renamed"));
    program.clock().pass(GRACE.plusSeconds(1));

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.index()).isEqualTo(10);
    assertThat(finding.alert().log()).isEqualTo(ConfigFile.LOG);
    assertThat(verdicts(ConfigFile.RELEASES)).isEqualTo(Map.of("unexpected", 1L));
    assertThat(program.mail(finding.alert())).contains(ConfigFile.RELEASES);
  }

  @Test
  void condition_of_a_log_that_is_gone_ends_at_the_reload() throws IOException {
    program.log().inject(WireFaults.status(503));
    program.clock().pass(Duration.ofMinutes(1));
    program.awaitTurns(1);
    program.clock().pass(Duration.ofMinutes(1));
    Alert unreachable = program.awaitCondition(Kind.LOG_UNREACHABLE);

    change("  simulated:\n", "  renamed:\n");

    program.until(
        "its end",
        () ->
            program.daemon().conditions().stream()
                .noneMatch(it -> it.uid().equals(unreachable.uid())));
    program.until("mail on the end", () -> program.mailCount(unreachable) == 2);
  }

  @Test
  void rejection_of_the_configuration_ends_at_the_next_start_with_a_good_one() throws IOException {
    change("    severity: critical", "    severity: huge");
    program.awaitCondition(Kind.CONFIG_REJECTED);

    program.restart();

    program.awaitOver(Kind.CONFIG_REJECTED);
  }
}
