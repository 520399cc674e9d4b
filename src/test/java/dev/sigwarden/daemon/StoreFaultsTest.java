package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreFaultsTest {
  private static final Duration A_WHILE = StoreFaults.PATIENCE.minusMillis(1);

  private final TestClock clock = new TestClock();
  private final StoreFaults faults = new StoreFaults(clock);

  @Test
  void task_that_the_database_fails_for_long_is_told_of() {
    assertThat(faults.lasts("turn of a")).isFalse();
    clock.advance(A_WHILE);
    assertThat(faults.lasts("turn of a")).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(faults.lasts("turn of a")).isTrue();
    assertThat(faults.lasts("turn of b")).isFalse();
  }

  @Test
  void task_that_went_well_begins_anew() {
    assertThat(faults.lasts("turn of a")).isFalse();
    clock.advance(A_WHILE);
    faults.over("turn of a");
    clock.advance(Duration.ofMillis(1));
    assertThat(faults.lasts("turn of a")).isFalse();
  }

  @Test
  void clock_that_was_set_back_delays_nothing_by_more_than_the_patience() {
    assertThat(faults.lasts("turn of a")).isFalse();
    clock.advance(Duration.ofDays(-1));
    assertThat(faults.lasts("turn of a")).isFalse();
    clock.advance(StoreFaults.PATIENCE);
    assertThat(faults.lasts("turn of a")).isTrue();
  }
}
