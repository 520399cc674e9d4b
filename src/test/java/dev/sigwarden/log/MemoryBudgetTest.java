package dev.sigwarden.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final long KIB = 1024;
  private final MemoryBudget budget = new MemoryBudget(10 * KIB);

  @Test
  void holds_no_more_than_there_is() throws Exception {
    MemoryBudget.Charge one = budget.charge();
    MemoryBudget.Charge other = budget.charge();

    assertThat(one.tryHold(6 * KIB + 1)).isTrue();
    assertThat(other.tryHold(4 * KIB)).isFalse();
    assertThat(other.tryHold(3 * KIB)).isTrue();

    assertThat(budget.chargedBytes()).isEqualTo(10 * KIB);
    assertThat(budget.peakBytes()).isEqualTo(10 * KIB);
  }

  @Test
  void gives_back_what_was_too_much_and_then_the_rest_once() throws Exception {
    MemoryBudget.Charge charge = budget.charge();
    charge.hold(8 * KIB);

    charge.shrinkTo(3 * KIB);
    assertThat(budget.chargedBytes()).isEqualTo(3 * KIB);
    charge.shrinkTo(5 * KIB);
    assertThat(budget.chargedBytes()).isEqualTo(3 * KIB);

    charge.close();
    charge.close();
    assertThat(budget.chargedBytes()).isZero();
    assertThat(budget.charge().tryHold(10 * KIB)).isTrue();
  }

  @Test
  void what_is_more_than_the_whole_is_the_whole() throws Exception {
    MemoryBudget.Charge charge = budget.charge();

    charge.hold(1L << 40);

    assertThat(budget.chargedBytes()).isEqualTo(10 * KIB);
  }

  @Test
  void a_closed_charge_holds_nothing_any_more() throws Exception {
    MemoryBudget.Charge charge = budget.charge();
    charge.close();

    assertThat(charge.tryHold(KIB)).isFalse();
    assertThatThrownBy(() -> charge.hold(KIB)).isInstanceOf(LogUnavailableException.class);
    assertThat(budget.chargedBytes()).isZero();
  }

  @Test
  void whoever_waits_goes_before_those_who_only_try() throws Exception {
    MemoryBudget.Charge first = budget.charge();
    first.hold(6 * KIB);
    MemoryBudget.Charge large = budget.charge();
    AtomicBoolean held = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                large.hold(8 * KIB);
                held.set(true);
                done.await();
              } catch (InterruptedException | LogUnavailableException e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

    assertThat(budget.charge().tryHold(KIB)).isFalse();
    first.close();
    await().untilTrue(held);
    done.countDown();
    waiting.join();

    assertThat(budget.chargedBytes()).isEqualTo(8 * KIB);
  }

  @Test
  void an_interrupted_wait_holds_nothing() throws Exception {
    budget.charge().hold(10 * KIB);
    MemoryBudget.Charge charge = budget.charge();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> charge.hold(KIB)).isInstanceOf(InterruptedException.class);
    assertThat(budget.chargedBytes()).isEqualTo(10 * KIB);
  }

  @Test
  void the_usual_budget_is_at_most_a_quarter_of_the_heap() throws Exception {
    MemoryBudget usual = MemoryBudget.standard();

    usual.charge().hold(Long.MAX_VALUE / 2);

    assertThat(usual.chargedBytes())
        .isPositive()
        .isLessThanOrEqualTo(MemoryBudget.STANDARD_BYTES)
        .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 4);
  }
}
