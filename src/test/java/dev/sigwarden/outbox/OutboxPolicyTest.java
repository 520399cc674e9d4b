package dev.sigwarden.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboxPolicyTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static OutboxPolicy policy(int rate, Map<String, Integer> rates, Duration lease) {
    return new OutboxPolicy(MINUTE, rate, rates, MINUTE, lease, MINUTE, MINUTE);
  }

  @Test
  void the_standard_one_outlasts_a_long_weekend_and_keeps_a_delivery_longer_than_an_attempt() {
    OutboxPolicy standard = OutboxPolicy.standard();
    assertThat(standard.maxAge()).isEqualTo(Duration.ofDays(3));
    assertThat(standard.lease()).isGreaterThan(standard.deadline());
    assertThat(standard.rateOf("any")).isEqualTo(600);
  }

  @Test
  void gives_each_receiver_its_own_rate_or_that_of_all() {
    OutboxPolicy own = OutboxPolicy.standard().withRates(Map.of("pager", 1));
    assertThat(own.rateOf("pager")).isEqualTo(1);
    assertThat(own.rateOf("soc")).isEqualTo(600);
    assertThat(own.maxAge()).isEqualTo(OutboxPolicy.standard().maxAge());
  }

  @Test
  void refuses_a_rate_that_sends_nothing() {
    assertThat(policy(1, Map.of("soc", 1), Duration.ofMinutes(2)).rateOf("soc")).isEqualTo(1);
    assertThatThrownBy(() -> policy(0, Map.of(), Duration.ofMinutes(2)))
        .hasMessageContaining("rate");
    assertThatThrownBy(() -> policy(1, Map.of("a", 1, "b", 0), Duration.ofMinutes(2)))
        .hasMessageContaining("rate");
  }

  @Test
  void refuses_a_lease_that_may_end_during_the_attempt() {
    assertThat(policy(1, Map.of(), MINUTE.plusMillis(1)).lease()).isGreaterThan(MINUTE);
    assertThatThrownBy(() -> policy(1, Map.of(), MINUTE)).hasMessageContaining("lease: PT1M");
  }
}
