package dev.sigwarden.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.notify.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  private static final Delivery DONE = new Delivery.Delivered("");
  private static final Delivery DOWN = new Delivery.TryAgain("down", Optional.empty());
  private static final Delivery REFUSED = new Delivery.Refused("400");
  private static final Delivery LOCKED = new Delivery.Unauthorized("401");

  private final Breaker breaker = new Breaker();
  private Instant now = TestClock.START;

  private void after(Delivery... results) {
    for (Delivery result : results) {
      breaker.after(result, now, Breaker.LONGEST_PROBE);
    }
  }

  private long pause() {
    return breaker.pause(now).toSeconds();
  }

  @Test
  void stays_closed_below_five_failures_in_a_row() {
    after(DOWN, DOWN, REFUSED, DOWN, DONE, DOWN, DOWN, DOWN, DOWN);
    assertThat(breaker.isOpen()).isFalse();
    assertThat(pause()).isZero();
  }

  @Test
  void opens_at_the_fifth_failure_in_a_row_for_thirty_seconds() {
    after(DOWN, REFUSED, DOWN, REFUSED, DOWN);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(pause()).isEqualTo(30);
    now = now.plusSeconds(29);
    assertThat(pause()).isEqualTo(1);
    now = now.plusSeconds(1);
    assertThat(pause()).isZero();
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void doubles_the_pause_with_each_failed_probe_up_to_ten_minutes() {
    after(DOWN, DOWN, DOWN, DOWN);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      after(DOWN);
      pauses.add(pause());
      now = now.plus(breaker.pause(now));
    }
    assertThat(pauses).containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L);
  }

  @Test
  void one_success_closes_it_and_forgets_the_past() {
    after(DOWN, DOWN, DOWN, DOWN, DOWN);
    now = now.plusSeconds(30);
    after(DOWN);
    now = now.plusSeconds(60);
    after(DONE);
    assertThat(breaker.isOpen()).isFalse();
    assertThat(pause()).isZero();
    after(DOWN, DOWN, DOWN, DOWN);
    assertThat(breaker.isOpen()).isFalse();
    after(DOWN);
    assertThat(pause()).isEqualTo(30);
  }

  @Test
  void one_refusal_of_sigwarden_itself_opens_it() {
    after(LOCKED);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(pause()).isEqualTo(30);
    now = now.plusSeconds(30);
    after(LOCKED);
    assertThat(pause()).isEqualTo(60);
  }

  @Test
  void pauses_shorter_for_what_is_urgent() {
    for (int i = 0; i < 12; i++) {
      breaker.after(DOWN, now, Duration.ofMinutes(2));
    }
    assertThat(pause()).isEqualTo(120);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "59, 59", "3600, 3600", "86400, 3600"})
  void leaves_a_receiver_alone_for_as_long_as_it_asked_within_an_hour(long asked, long granted) {
    after(new Delivery.TryAgain("busy", Optional.of(Duration.ofSeconds(asked))));
    assertThat(breaker.isOpen()).isFalse();
    assertThat(pause()).isEqualTo(granted);
  }

  @Test
  void a_shorter_request_does_not_end_a_longer_one() {
    after(new Delivery.TryAgain("busy", Optional.of(Duration.ofMinutes(30))), DOWN, LOCKED);
    assertThat(pause()).isEqualTo(1_800);
  }

  @Test
  void a_pause_from_before_the_clock_was_set_back_is_over() {
    after(DOWN, DOWN, DOWN, DOWN, DOWN);
    now = now.minus(Duration.ofMinutes(50));
    assertThat(pause()).isZero();
    after(DOWN);
    assertThat(pause()).isEqualTo(60);
  }

  @Test
  void a_clock_that_is_set_back_does_not_silence_a_receiver() {
    after(LOCKED);
    now = now.minus(Duration.ofDays(400));
    assertThat(pause()).isZero();
  }
}
