package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.sim.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that is away for a week and comes back with a million entries more.
class AwayIT {
  private static final int BEFORE = 100;
  private static final int SIZE = BEFORE + 1_000_000;
  private static final int BUNDLE = 256;

  /// The first and the last that were missed, both sides of a chunk's border, one in the middle.
  private static final List<Long> STOLEN =
      List.of((long) BEFORE, 204_799L, 204_800L, 500_000L, SIZE - 1L);

  /// From this bundle on the log answers only once the first finding was told.
  private static final int HELD = 1_000;

  @TempDir private Path folder;

  @Test
  void log_that_was_away_for_a_week_is_caught_up_with_and_its_first_finding_waits_for_no_other() {
    try (WholeProgram program = new WholeProgram(folder)) {
      program
          .config()
          .log("entries", "raw")
          .requests("{at-once: 8, per-second: 100000, deadline: 60s}");
      fill(program.log().log(), BEFORE);
      program.start().awaitJudged();

      program.log().down();
      program.until("a failed turn", () -> !program.status().error().isEmpty());
      program.clock().pass(Duration.ofMinutes(11));
      Alert away = program.awaitCondition(Kind.LOG_UNREACHABLE);
      program.clock().pass(Duration.ofDays(2));
      Alert stale = program.awaitCondition(Kind.CHECKPOINT_STALE);
      program.clock().pass(Duration.ofDays(5));
      assertThat(program.findings()).isEmpty();
      assertThat(program.position()).isEqualTo(BEFORE);
      assertThat(program.mail(away)).contains("Log unreachable").contains("nothing is skipped");
      assertThat(program.mail(stale)).contains("shows no newer checkpoint");

      fill(program.log().log(), SIZE);
      CountDownLatch told = new CountDownLatch(1);
      program
          .log()
          .inject((path, honest) -> {
            if (bundle(path) >= HELD) {
              awaitOrGoOn(told);
            }
            return honest;
          });
      program.log().up();

      // What was missed first is told while most of the rest cannot even be read.
      program.until("the first finding", () -> !program.findings().isEmpty());
      Alert first = program.findings().getLast().alert();
      assertThat(program.mail(first)).contains("stolen-words");
      program.until("its delivery", () -> program.hook().acceptedIds().contains(first.eventId()));
      assertThat(program.position()).isLessThan((HELD + 1L) * BUNDLE);
      told.countDown();

      assertCaughtUp(program);
      program.awaitOver(Kind.LOG_UNREACHABLE);
      program.awaitOver(Kind.CHECKPOINT_STALE);
      program.until(
          "mail on the end of both",
          () -> program.mailCount(away) == 2 && program.mailCount(stale) == 2);
      assertThat(program.daemon().conditions()).isEmpty();
      Stream<Alert> found = program.findings().stream().map(Finding::alert);
      program.assertToldOf(Stream.concat(Stream.of(away, stale), found).toArray(Alert[]::new));
    }
  }

  private static void assertCaughtUp(WholeProgram program) {
    for (long part = 1; part <= 10; part++) {
      long end = SIZE * part / 10;
      program.until("position " + end, () -> program.position() >= end);
    }
    assertThat(program.views()).hasSize(1);
    assertThat(program.views().getFirst().position().head())
        .isEqualTo(program.log().log().headAt(SIZE));
    assertThat(program.findings())
        .allSatisfy(it -> assertThat(it.alert().kind()).isEqualTo(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactlyInAnyOrderElementsOf(STOLEN);
  }

  private static void fill(PracticeLog log, long size) {
    for (long index = log.size(); index < size; index++) {
      String text = (STOLEN.contains(index) ? "stolen words " : "entry ") + index;
      log.append(text.getBytes(StandardCharsets.UTF_8));
    }
    log.publish();
  }

  /// The number of the bundle that a path names; -1 for other paths.
  private static long bundle(String path) {
    if (!Fault.bundles(path)) {
      return -1;
    }
    String number = path.substring("tile/entries/".length()).replaceFirst("\\.p/.*", "");
    return Long.parseLong(number.replaceAll("[x/]", ""));
  }

  private static void awaitOrGoOn(CountDownLatch latch) {
    try {
      boolean _ = latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
