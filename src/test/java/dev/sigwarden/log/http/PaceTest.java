package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void turns_at_one_host_are_as_far_apart_as_the_pace_of_the_moment_says() {
    AtomicReference<Double> perSecond = new AtomicReference<>(10.0);
    Pace pace = new Pace(perSecond::get);
    long first = pace.spend("log.example");
    long second = pace.spend("log.example");
    perSecond.set(2.0);
    long third = pace.spend("log.example");
    long fourth = pace.spend("log.example");

    assertThat(second - first).isEqualTo(SECOND / 10);
    assertThat(third - second).isEqualTo(SECOND / 10);
    assertThat(fourth - third).isEqualTo(SECOND / 2);
  }

  @Test
  void hosts_do_not_wait_for_each_other() {
    Pace pace = new Pace(() -> 0.001);
    long first = pace.spend("one.example");
    long other = pace.spend("other.example");

    assertThat(other - first).isBetween(0L, 100 * SECOND);
    assertThat(pace.spend("one.example") - first).isEqualTo(1_000 * SECOND);
  }
}
