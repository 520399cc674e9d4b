package dev.sigwarden.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.outbox.RetrySchedule.Next;
import dev.sigwarden.store.Pending;
import dev.sigwarden.store.StoreSamples;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryScheduleTest {
  private static final Duration MAX_AGE = Duration.ofHours(72);
  private static final Delivery DOWN = new Delivery.TryAgain("down", Optional.empty());

  private final RetrySchedule latest = new RetrySchedule(MAX_AGE, new FixedDice(true));
  private final RetrySchedule soonest = new RetrySchedule(MAX_AGE, new FixedDice(false));

  private static Pending pending(Severity severity, int attempts) {
    Alert alert = StoreSamples.alert("swf_a", 1, Alert.Event.OPENED, severity);
    return new Pending("key", "soc", alert, "key", attempts, TestClock.START, "worker");
  }

  private static Instant after(Duration age) {
    return TestClock.START.plus(age);
  }

  private static Duration pause(Next next, Instant now) {
    assertThat(next).isInstanceOf(Next.Again.class);
    return Duration.between(now, ((Next.Again) next).at());
  }

  @ParameterizedTest
  @CsvSource({
    // severity, attempts before, age in seconds, longest pause in seconds
    "high, 0, 0, 2",
    "high, 1, 0, 4",
    "high, 2, 0, 8",
    "high, 8, 0, 512",
    "high, 9, 0, 900",
    "high, 10, 0, 900",
    "high, 2147483647, 0, 900",
    "critical, 0, 0, 2",
    "critical, 5, 0, 64",
    "critical, 6, 0, 120",
    "critical, 40, 3599, 120",
    "critical, 40, 3600, 900",
    "low, 40, 3599, 900",
    "critical, 40, -100000, 120",
    "high, 0, 259199, 2",
  })
  void waits_at_most_the_doubled_pause_up_to_its_cap(
      String severity, int attempts, long age, long longest) {
    Pending delivery =
        pending(Severity.valueOf(severity.toUpperCase(java.util.Locale.ROOT)), attempts);
    Instant now = after(Duration.ofSeconds(age));
    assertThat(pause(latest.after(DOWN, delivery, now), now))
        .isEqualTo(Duration.ofSeconds(longest));
    assertThat(pause(soonest.after(DOWN, delivery, now), now)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void spreads_the_pauses_over_the_whole_range() {
    long seed = 20_261_122;
    RetrySchedule random = new RetrySchedule(MAX_AGE, new Random(seed));
    Instant now = TestClock.START;
    long below = 0;
    for (int i = 0; i < 1_000; i++) {
      Duration pause = pause(random.after(DOWN, pending(Severity.HIGH, 5), now), now);
      assertThat(pause)
          .as("seed %d", seed)
          .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(64));
      below += pause.toSeconds() < 32 ? 1 : 0;
    }
    assertThat(below).as("seed %d", seed).isBetween(400L, 600L);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "1, 2", "3, 3", "60, 60", "3600, 3600", "3601, 3600", "999999999, 3600"})
  void waits_as_long_as_the_receiver_asked_within_an_hour(long asked, long waited) {
    Delivery busy = new Delivery.TryAgain("busy", Optional.of(Duration.ofSeconds(asked)));
    Instant now = TestClock.START;
    assertThat(pause(latest.after(busy, pending(Severity.HIGH, 0), now), now))
        .isEqualTo(Duration.ofSeconds(waited));
  }

  @Test
  void gives_up_when_the_alert_is_too_old_and_says_why() {
    Pending delivery = pending(Severity.HIGH, 9);
    assertThat(latest.after(DOWN, delivery, after(MAX_AGE.minusMillis(1))))
        .isInstanceOf(Next.Again.class);
    assertThat(latest.after(DOWN, delivery, after(MAX_AGE)))
        .isEqualTo(new Next.GiveUp("not delivered within 72 hours: down"));
  }

  @ParameterizedTest
  @EnumSource
  void keeps_what_waits_for_a_password_however_old(Severity severity) {
    Delivery refused = new Delivery.Unauthorized("401");
    Instant now = after(MAX_AGE.multipliedBy(10));
    Next next = latest.after(refused, pending(severity, 2), now);
    assertThat(next).isEqualTo(new Next.Again(now.plusSeconds(8), "401"));
  }

  @Test
  void gives_up_at_once_what_the_receiver_refuses() {
    assertThat(
            latest.after(
                new Delivery.Refused("400"), pending(Severity.HIGH, 0), after(Duration.ZERO)))
        .isEqualTo(new Next.GiveUp("400"));
  }

  @Test
  void is_done_with_what_the_operator_leaves_out_and_says_why() {
    assertThat(
            latest.after(
                new Delivery.LeftOut("below"), pending(Severity.LOW, 0), after(Duration.ZERO)))
        .isEqualTo(new Next.LeftOut("below"));
  }

  @Test
  void is_done_with_what_was_delivered_however_old() {
    Delivery delivered = new Delivery.Delivered("ticket 7");
    assertThat(latest.after(delivered, pending(Severity.HIGH, 0), after(MAX_AGE.multipliedBy(2))))
        .isEqualTo(new Next.Done("ticket 7"));
  }

  @Test
  void hurries_critical_alerts_in_their_first_hour_only() {
    assertThat(RetrySchedule.hurried(pending(Severity.CRITICAL, 0), after(Duration.ZERO))).isTrue();
    assertThat(RetrySchedule.hurried(pending(Severity.CRITICAL, 0), after(Duration.ofMinutes(59))))
        .isTrue();
    assertThat(RetrySchedule.hurried(pending(Severity.CRITICAL, 0), after(Duration.ofHours(1))))
        .isFalse();
    assertThat(RetrySchedule.hurried(pending(Severity.HIGH, 0), after(Duration.ZERO))).isFalse();
  }
}
