package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostClocksTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final String HOUR_AHEAD = "Mon, 23 Nov 2026 11:00:00 GMT";

  private final HostClocks clocks = new HostClocks();

  private void answered(String host, String date) {
    clocks.answered(host, Optional.of(date), Optional.empty(), NOW);
  }

  @Test
  void several_hosts_that_agree_say_that_our_clock_is_wrong_and_their_silence_says_nothing() {
    answered("a", HOUR_AHEAD);
    assertThat(clocks.skew(NOW)).isEmpty();
    answered("b", "Mon, 23 Nov 2026 10:50:00 GMT");
    assertThat(clocks.skew(NOW)).contains(Duration.ofMinutes(50));
    assertThat(clocks.skew(NOW.plus(HostClocks.RECENT).plusSeconds(1))).isEmpty();
  }

  @Test
  void one_host_that_agrees_with_us_or_contradicts_the_others_ends_the_suspicion() {
    answered("a", HOUR_AHEAD);
    answered("b", "Mon, 23 Nov 2026 09:00:00 GMT");
    assertThat(clocks.skew(NOW)).contains(Duration.ZERO);
    answered("b", "Mon, 23 Nov 2026 10:04:00 GMT");
    assertThat(clocks.skew(NOW)).contains(Duration.ZERO);
  }

  @Test
  void an_old_answer_from_a_cache_is_no_clock() {
    String old = "Mon, 23 Nov 2026 09:00:00 GMT";
    clocks.answered("a", Optional.of(old), Optional.of("3600"), NOW);
    clocks.answered("b", Optional.of(old), Optional.of("3590"), NOW);
    assertThat(clocks.skew(NOW)).contains(Duration.ZERO);
    // A fresh answer counts for more than one that a cache kept without saying so.
    answered("c", "Mon, 23 Nov 2026 10:00:01 GMT");
    answered("c", old);
    assertThat(clocks.skew(NOW)).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "1700000000", "Mon, 32 Nov 2026 11:00:00 GMT"})
  void anything_else_is_no_time(String date) {
    answered("a", HOUR_AHEAD);
    answered("b", date);
    clocks.answered("c", Optional.of(HOUR_AHEAD), Optional.of("-1"), NOW);
    clocks.answered("d", Optional.of(HOUR_AHEAD), Optional.of("9999999999"), NOW);
    assertThat(clocks.skew(NOW)).isEmpty();
  }
}
