package dev.sigwarden.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SharedClockTest {
  private final TestClock own = new TestClock();
  private final SharedClock shared = new SharedClock(own);

  private void hears(Duration ahead, Duration took) {
    Instant asked = own.instant();
    Instant said = asked.plus(took.dividedBy(2)).plus(ahead);
    own.advance(took);
    shared.heard(asked, said, own.instant());
  }

  @Test
  void is_this_machine_s_clock_while_both_agree() {
    hears(Duration.ofMillis(1_900), Duration.ofMillis(10));
    assertThat(shared.instant()).isEqualTo(own.instant());
  }

  @Test
  void is_the_database_s_clock_once_they_do_not() {
    hears(Duration.ofHours(-1), Duration.ofMillis(10));
    assertThat(shared.instant()).isEqualTo(own.instant().minus(Duration.ofHours(1)));
    own.advance(Duration.ofHours(-1));
    hears(Duration.ZERO, Duration.ofMillis(10));
    assertThat(shared.instant()).isEqualTo(own.instant());
  }

  @Test
  void does_not_waver_while_the_difference_stays() {
    hears(Duration.ofMinutes(5), Duration.ofMillis(10));
    Duration ahead = shared.ahead();
    hears(Duration.ofMinutes(5).plusMillis(800), Duration.ofMillis(10));
    assertThat(shared.ahead()).isEqualTo(ahead);
  }

  @Test
  void slow_answer_says_nothing() {
    hears(Duration.ofMinutes(5), Duration.ofSeconds(30));
    assertThat(shared.instant()).isEqualTo(own.instant());
  }
}
