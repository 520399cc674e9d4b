package dev.sigwarden.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Duration SHORT = Duration.ofMillis(20);
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private Schedule schedule(String name) {
    return schedule(name, new TestClock());
  }

  private Schedule schedule(String name, Clock clock) {
    return Schedule.start(
        name, clock, (task, failure) -> errors.add(task + ": " + failure.getMessage()));
  }

  @Test
  void runs_a_task_again_and_again() {
    AtomicInteger runs = new AtomicInteger();
    try (Schedule schedule = schedule("again")) {
      schedule.every("task", SHORT, () -> runs.incrementAndGet() < 0);

      await().until(() -> runs.get() >= 3);
    }
  }

  @Test
  void starts_a_cancelled_task_no_more_and_may_have_it_again() {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    try (Schedule schedule = schedule("cancelled")) {
      schedule.every("task", SHORT, () -> runs.incrementAndGet() < 0);
      schedule.every("other", SHORT, () -> others.incrementAndGet() < 0);
      await().until(() -> runs.get() >= 2);
      schedule.cancel("task");
      schedule.cancel("never heard of");
      int soon = others.get() + 3;
      await().until(() -> others.get() >= soon);
      int then = runs.get();
      await().until(() -> others.get() >= soon + 5);
      assertThat(runs.get()).isEqualTo(then);

      schedule.every("task", SHORT, () -> runs.incrementAndGet() < 0);
      await().until(() -> runs.get() > then);
    }
  }

  @Test
  void clock_that_is_set_back_makes_no_task_wait_for_its_time_to_come_again() {
    AtomicInteger runs = new AtomicInteger();
    TestClock clock = new TestClock();
    try (Schedule schedule = schedule("set back", clock)) {
      schedule.every("task", Duration.ofDays(1), () -> runs.incrementAndGet() < 0);
      await().until(() -> runs.get() == 1);

      await()
          .until(() -> {
            clock.advance(Duration.ofHours(-1));
            return runs.get() > 1;
          });
    }
  }

  @Test
  void runs_a_task_at_once_while_it_asks_for_more() {
    AtomicInteger runs = new AtomicInteger();
    try (Schedule schedule = schedule("more")) {
      schedule.every("task", Duration.ofDays(1), () -> runs.incrementAndGet() < 5);

      await().until(() -> runs.get() == 5);
    }
  }

  @Test
  void never_runs_a_task_twice_at_a_time_and_a_slow_one_delays_no_other() {
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean overlapped = new AtomicBoolean();
    AtomicInteger other = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    try (Schedule schedule = schedule("slow")) {
      schedule.every(
          "slow",
          SHORT,
          () -> {
            overlapped.compareAndSet(false, inside.incrementAndGet() > 1);
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            inside.decrementAndGet();
            return false;
          });
      schedule.every("other", SHORT, () -> other.incrementAndGet() < 0);

      await().until(() -> other.get() >= 5);
      release.countDown();
    }

    assertThat(overlapped).isFalse();
  }

  @Test
  void an_error_ends_one_run_and_not_the_schedule() {
    AtomicInteger runs = new AtomicInteger();
    try (Schedule schedule = schedule("errors")) {
      schedule.every(
          "task",
          SHORT,
          () -> {
            if (runs.incrementAndGet() == 1) {
              throw new IllegalStateException("once");
            }
            return false;
          });

      await().until(() -> runs.get() >= 2);
    }

    assertThat(errors).containsExactly("task: once");
  }

  @Test
  void an_error_of_the_jvm_ends_one_run_and_not_the_schedule() {
    AtomicInteger runs = new AtomicInteger();
    try (Schedule schedule = schedule("jvm errors")) {
      schedule.every(
          "task",
          SHORT,
          () -> {
            if (runs.incrementAndGet() == 1) {
              throw new StackOverflowError("deep");
            }
            return false;
          });

      await().until(() -> runs.get() >= 2);
    }

    assertThat(errors).containsExactly("task: deep");
  }

  @Test
  void a_task_that_does_not_end_is_interrupted_and_closing_goes_on() {
    AtomicBoolean interrupted = new AtomicBoolean();
    VirtualThreads threads = new VirtualThreads(SHORT);
    threads.setThreadCount(2);
    threads.initialize();
    threads.runInThread(() -> {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException _) {
        interrupted.set(true);
      }
    });

    threads.shutdown(true);

    assertThat(interrupted).isTrue();
    assertThat(threads.runInThread(() -> {})).isFalse();
  }

  @Test
  void closing_waits_for_the_run_under_way_and_starts_no_other() {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch began = new CountDownLatch(1);
    Schedule schedule = schedule("closing");
    schedule.every(
        "task",
        SHORT,
        () -> {
          began.countDown();
          await().until(schedule::closing);
          ended.set(true);
          return true;
        });
    await().until(() -> began.getCount() == 0);

    schedule.close();

    assertThat(ended).isTrue();
  }
}
