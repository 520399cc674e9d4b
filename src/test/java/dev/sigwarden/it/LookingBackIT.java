package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.store.Scan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Watches that look back over what was logged before they were there.
class LookingBackIT {
  private static final String WATCH =
      "{severity: high, since: beginning, identities: [{subject: \"%s\"}]}";

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.others(30);
    program.log().append(Entries.watched("before anybody watched"));
    program.others(60);
    program.config().log("start", "head");
  }

  @AfterEach
  void close() {
    program.close();
  }

  private List<Scan> scans() {
    return program.daemon().store().desk().scans().list(10);
  }

  private void awaitScans(int done) {
    program.until(
        done + " scans are done",
        () -> scans().stream().filter(it -> it.state() == Scan.State.DONE).count() == done);
  }

  @Test
  void new_watch_finds_what_was_logged_before_it_and_one_that_is_as_it_was_reads_nothing() {
    program.start().awaitJudged();
    assertThat(program.findings()).isEmpty();
    assertThat(scans()).isEmpty();

    program.config().watch("history", WATCH.formatted(Entries.SUBJECT)).save();
    awaitScans(1);
    assertThat(program.findings())
        .extracting(Finding::index, it -> it.alert().watch())
        .contains(org.assertj.core.groups.Tuple.tuple(30L, "history"));
    assertThat(program.daemon().store().coverage().since("history", ConfigFile.LOG).orElseThrow())
        .extracting(it -> it.from())
        .isEqualTo(0L);

    program.restart().awaitJudged();
    program.others(70);
    program.awaitJudged();
    program.config().watch("history", WATCH.formatted("nobody@acme.example")).save();
    awaitScans(2);
    assertThat(scans()).hasSize(2);
  }
}
