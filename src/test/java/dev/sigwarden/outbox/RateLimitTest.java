package dev.sigwarden.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {
  private Instant now = TestClock.START;

  private long burst(RateLimit rate) {
    long sent = 0;
    while (rate.pause(now).isZero() && sent < 1_000_000) {
      rate.sent(now);
      sent++;
    }
    return sent;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 1", "6, 1", "12, 2", "60, 10", "600, 100"})
  void lets_ten_seconds_worth_out_at_once(int perMinute, long burst) {
    assertThat(burst(new RateLimit(perMinute))).isEqualTo(burst);
  }

  @ParameterizedTest
  @CsvSource({"1", "6", "60", "600"})
  void lets_out_the_rate_over_an_hour_and_not_more(int perMinute) {
    RateLimit rate = new RateLimit(perMinute);
    long sent = burst(rate);
    for (int second = 0; second < 3_600; second++) {
      now = now.plusSeconds(1);
      sent += burst(rate);
    }
    assertThat(sent).isBetween(60L * perMinute, 60L * perMinute + Math.max(1, perMinute / 6));
  }

  @Test
  void says_how_long_to_wait() {
    RateLimit rate = new RateLimit(6);
    rate.sent(now);
    assertThat(rate.pause(now)).isEqualTo(Duration.ofSeconds(10));
    now = now.plusSeconds(4);
    assertThat(rate.pause(now)).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void a_clock_that_is_set_back_does_not_stop_it() {
    RateLimit rate = new RateLimit(6);
    burst(rate);
    now = now.minus(Duration.ofDays(1));
    assertThat(burst(rate)).isEqualTo(1);
  }
}
