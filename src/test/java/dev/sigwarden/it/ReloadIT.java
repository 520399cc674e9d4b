package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.WireFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Changes of the configuration while the program runs, and its end.
class ReloadIT {
  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.others(10);
  }

  @AfterEach
  void close() {
    program.close();
  }

  @Test
  void broken_configuration_keeps_the_old_one_and_is_told_with_its_line() throws IOException {
    program.start().awaitJudged();
    String good = Files.readString(program.config().path());

    program
        .config()
        .write("sigwarden.yaml", good.replace("    severity: critical", "    severity: huge"));

    Alert rejected = program.awaitCondition(Kind.CONFIG_REJECTED);
    assertThat(program.mail(rejected))
        .contains("the one before stays in force")
        .contains("sigwarden.yaml:")
        .contains("huge");
    program.log().append(Entries.watched("meanwhile"));
    assertThat(program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert().watch())
        .isEqualTo(ConfigFile.RELEASES);

    program.config().write("sigwarden.yaml", good + "# mended\n");
    program.awaitOver(Kind.CONFIG_REJECTED);
    program.until("mail on the end", () -> program.mailCount(rejected) == 2);
    assertThat(program.findings()).hasSize(1);
    assertThat(program.position()).isEqualTo(11);
    program.assertToldOf(rejected, program.findings().getFirst().alert());
  }

  @Test
  void configuration_that_is_gone_keeps_the_old_one_and_is_told() throws IOException {
    program.start().awaitJudged();
    Files.delete(program.config().path());

    program.awaitCondition(Kind.CONFIG_REJECTED);
    program.log().append(Entries.watched("meanwhile"));
    program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    program.config().save();
    program.awaitOver(Kind.CONFIG_REJECTED);
  }

  @Test
  void reload_in_the_middle_loses_and_repeats_nothing() {
    program.start().awaitJudged();
    for (int change = 0; change < 3; change++) {
      program.log().append(Entries.watched("before change " + change));
      String rate = "{at-once: %d, per-second: 10000, deadline: 5s}".formatted(change + 2);
      program.config().requests(rate).save();
      program.log().append(Entries.watched("after change " + change));
      int places = change + 2;
      program.until(
          "the change in force",
          () -> program.daemon().configuration().requests().perHostConcurrency() == places);
    }
    program.awaitJudged();

    assertThat(program.findings())
        .extracting(Finding::index)
        .containsExactlyInAnyOrder(10L, 11L, 12L, 13L, 14L, 15L);
    program.awaitDelivered();
    assertThat(program.hook().acceptedIds()).hasSize(6);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void log_that_never_answers_holds_up_neither_a_reload_nor_the_end() {
    program.config().requests("{at-once: 8, per-second: 10000, deadline: 1h}");
    program.start().awaitJudged();
    program.log().inject(WireFaults.silence());
    program.awaitTurns(0);

    long asked = program.log().requests(Fault::checkpoint);
    program.config().requests("{at-once: 7, per-second: 10000, deadline: 1h}").save();
    program.until(
        "the change in force",
        () -> program.daemon().configuration().requests().perHostConcurrency() == 7);
    program.until("asked again", () -> program.log().requests(Fault::checkpoint) > asked);
    program.stop();

    program.log().heal().append(Entries.watched("afterwards"));
    program.start().awaitJudged();
    assertThat(program.findings()).hasSize(1);
  }
}
