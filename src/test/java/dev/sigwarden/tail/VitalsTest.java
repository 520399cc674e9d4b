package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.verify.TrustedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When a lag is told, with which outlook, and when it is over. A backlog may last half an hour.
class VitalsTest {
  private static final VerifierKey KEY = NoteSigner.generate("log.example").verifierKey();
  private static final WhereSeen WHERE = WhereSeen.log("log", "rekor", "log.example", "", 0, "");

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private Store store;
  private Vitals vitals;

  @BeforeEach
  void open() {
    store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
    vitals = vitals(LogSettings.Mode.JUDGE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// As a program that was started just now has them.
  private Vitals vitals(LogSettings.Mode mode) {
    LogSettings log =
        new LogSettings(
            new TrustedLog("log", "log.example", List.of(KEY), WitnessPolicy.none()),
            "rekor",
            _ -> {
              throw new AssertionError("opened");
            },
            "raw",
            "",
            new Start.Head(),
            Instant.MAX,
            LogSettings.Timing.DEFAULT,
            mode);
    Conditions conditions = new Conditions("acme", clock);
    return new Vitals(
        Vitals.Subject.of(log),
        "acme",
        conditions,
        new ConditionBoard(store, Routes.all(List.of("soc")), conditions, () -> {}),
        new Patience("log", store, clock),
        clock);
  }

  private void after(int minutes, long judged, long size) {
    clock.advance(Duration.ofMinutes(minutes));
    vitals.ended(List.of(new View(0, head(size), new Position(tree(judged), List.of()))), WHERE);
  }

  private SeenHead head(long size) {
    return new SeenHead(tree(size), "note", clock.instant());
  }

  private static TreeHead tree(long size) {
    return size == 0 ? TreeHead.empty() : new TreeHead(size, Hash.ofData(new byte[] {(byte) size}));
  }

  private List<String> caughtUp() {
    return store.openConditions().stream()
        .filter(alert -> alert.kind() == Kind.LOG_BACKLOG)
        .map(VitalsTest::caughtUp)
        .toList();
  }

  private static String caughtUp(Alert lag) {
    return lag.what().stream()
        .filter(field -> field.name().equals("caught-up"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void a_lag_that_grows_is_told_after_a_while_and_never_ends_at_the_present_rates() {
    after(0, 0, 100_000);
    after(29, 1_740, 103_480);
    assertThat(caughtUp()).isEmpty();

    after(2, 1_860, 103_720);
    assertThat(caughtUp())
        .containsExactly("never at the present rates (1.0 entries/s judged, 2.0 entries/s logged)");
  }

  @Test
  void a_lag_that_shrinks_too_slowly_is_told_with_its_end() {
    after(0, 0, 1_000_000);
    after(20, 12_000, 1_001_200);
    after(20, 24_000, 1_002_400);

    assertThat(caughtUp())
        .containsExactly("in about 30.2 hours (10.0 entries/s judged, 1.0 entries/s logged)");
  }

  @Test
  void a_lag_that_was_nearly_gone_and_stalls_is_told_by_how_it_went_lately() {
    after(0, 0, 300_000);
    after(20, 200_000, 300_000);
    after(5, 250_000, 300_000);
    after(15, 250_060, 300_000);
    assertThat(caughtUp()).isEmpty();
    after(20, 250_120, 300_000);

    assertThat(caughtUp())
        .containsExactly("in about 12 days (0.1 entries/s judged, 0.0 entries/s logged)");
  }

  @Test
  void a_lag_that_is_nearly_gone_is_not_told() {
    after(0, 0, 10_000);
    after(20, 4_000, 10_000);
    after(20, 8_000, 10_000);

    assertThat(caughtUp()).isEmpty();
  }

  @Test
  void a_lag_that_is_gone_is_over_and_the_next_one_is_measured_anew() {
    after(0, 0, 100_000);
    after(31, 10, 100_000);
    assertThat(caughtUp()).hasSize(1);
    after(1, 100_000, 100_000);
    assertThat(caughtUp()).isEmpty();

    after(600, 100_000, 100_010);
    assertThat(caughtUp()).isEmpty();
  }

  @Test
  void a_restart_forgets_neither_since_when_nor_the_rates() {
    after(0, 0, 1_000_000);
    after(20, 12_000, 1_001_200);
    vitals = vitals(LogSettings.Mode.JUDGE);
    after(20, 24_000, 1_002_400);

    assertThat(caughtUp())
        .containsExactly("in about 30.2 hours (10.0 entries/s judged, 1.0 entries/s logged)");
  }

  @Test
  void a_time_that_comes_once_more_was_not_read_through() {
    vitals.readThrough(clock.instant(), Optional.empty());
    after(-60, 10, 10);
    after(120, 10, 10);
    assertThat(vitals.status().readThrough()).isEmpty();

    vitals.readThrough(clock.instant(), Optional.empty());
    after(1, 10, 10);
    assertThat(vitals.status().readThrough()).contains(clock.instant().minusSeconds(60));
  }

  @Test
  void a_log_of_which_no_entry_is_read_has_no_lag() {
    vitals = vitals(LogSettings.Mode.CONSISTENCY_ONLY);
    after(0, 0, 100_000);
    after(60, 0, 200_000);

    assertThat(caughtUp()).isEmpty();
  }
}
