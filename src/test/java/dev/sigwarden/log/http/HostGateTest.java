package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// With rates and pauses so long that no machine is slow enough to blur them.
class HostGateTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LATE = Duration.ofHours(10);

  @Test
  void lets_in_as_many_as_there_are_places() throws Exception {
    HostGate gate = new HostGate(2, 1_000_000);
    assertThat(gate.enter(Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.enter(Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.enter(Deadline.in(SOON))).isEqualTo(HostGate.Entry.TOO_LATE);
    gate.leave();
    assertThat(gate.enter(Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
  }

  @Test
  void lets_in_no_more_than_the_rate_allows() throws Exception {
    HostGate gate = new HostGate(100, 1.0 / 3600);
    assertThat(gate.enter(Deadline.in(SOON))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.enter(Deadline.in(SOON))).isEqualTo(HostGate.Entry.TOO_LATE);
    assertThat(gate.enter(Deadline.in(SOON))).isEqualTo(HostGate.Entry.TOO_LATE);
  }

  @Test
  void whoever_is_turned_away_leaves_its_place() throws Exception {
    HostGate gate = new HostGate(1, 1_000_000);
    gate.shutFor(Duration.ofHours(1));
    assertThat(gate.enter(Deadline.in(SOON))).isEqualTo(HostGate.Entry.SHUT);
    assertThat(gate.enter(Deadline.in(SOON))).isEqualTo(HostGate.Entry.SHUT);
  }

  @Test
  void a_shorter_pause_does_not_end_a_longer_one() {
    HostGate gate = new HostGate(1, 1);
    gate.shutFor(Duration.ofHours(1));
    gate.shutFor(Duration.ofSeconds(1));
    assertThat(gate.pauseNanos()).isGreaterThan(Duration.ofMinutes(30).toNanos());
  }

  @Test
  void a_pause_that_ends_in_time_is_waited_for() throws Exception {
    HostGate gate = new HostGate(1, 1_000_000);
    gate.shutFor(Duration.ofMillis(20));
    assertThat(gate.enter(Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.pauseNanos()).isZero();
  }
}
