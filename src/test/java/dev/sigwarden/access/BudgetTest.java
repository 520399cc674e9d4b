package dev.sigwarden.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private final TestClock clock = new TestClock();
  private final Budget budget = new Budget(3, 2, clock);

  @Test
  void burst_then_a_wait_as_long_as_the_next_call_takes_to_come_back() {
    for (int i = 0; i < 3; i++) {
      assertThat(budget.take("a")).isZero();
    }
    assertThat(budget.take("a")).isEqualTo(Duration.ofMillis(500));
    assertThat(budget.take("b")).isZero();
    clock.advance(Duration.ofMillis(500));
    assertThat(budget.take("a")).isZero();
    assertThat(budget.take("a")).isPositive();
  }

  @Test
  void never_more_than_the_burst_comes_back() {
    clock.advance(Duration.ofDays(1));
    for (int i = 0; i < 3; i++) {
      assertThat(budget.take("a")).isZero();
    }
    clock.advance(Duration.ofDays(1));
    for (int i = 0; i < 3; i++) {
      assertThat(budget.take("a")).isZero();
    }
    assertThat(budget.take("a")).isPositive();
  }

  @Test
  void many_names_take_bounded_memory_and_forget_the_one_that_was_silent_longest() {
    for (int i = 0; i < 4; i++) {
      budget.take("first");
    }
    for (int i = 0; i < Budget.MAX_CALLERS; i++) {
      budget.take("other" + i);
    }
    assertThat(budget.take("first")).isZero();
  }
}
