package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// With rates and pauses so long that no machine is slow enough to blur them.
class HostGateTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LATE = Duration.ofHours(10);
  private static final String LINE = "log";

  @Test
  void lets_in_as_many_as_there_are_places() throws Exception {
    HostGate gate = new HostGate(2, 1_000_000);
    assertThat(gate.enter(LINE, Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.enter(LINE, Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.enter(LINE, Deadline.in(SOON))).isEqualTo(HostGate.Entry.TOO_LATE);
    gate.leave();
    assertThat(gate.enter(LINE, Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
  }

  @Test
  void lets_in_no_more_than_the_rate_allows() throws Exception {
    HostGate gate = new HostGate(100, 1.0 / 3600);
    assertThat(gate.enter(LINE, Deadline.in(SOON))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.enter(LINE, Deadline.in(SOON))).isEqualTo(HostGate.Entry.TOO_LATE);
    assertThat(gate.enter(LINE, Deadline.in(SOON))).isEqualTo(HostGate.Entry.TOO_LATE);
  }

  @Test
  void whoever_is_turned_away_leaves_its_place() throws Exception {
    HostGate gate = new HostGate(1, 1_000_000);
    gate.shutFor(Duration.ofHours(1));
    assertThat(gate.enter(LINE, Deadline.in(SOON))).isEqualTo(HostGate.Entry.SHUT);
    assertThat(gate.enter(LINE, Deadline.in(SOON))).isEqualTo(HostGate.Entry.SHUT);
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
    assertThat(gate.enter(LINE, Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
    assertThat(gate.pauseNanos()).isZero();
  }

  @Test
  void many_requests_of_one_log_go_before_no_more_than_one_of_another() throws Exception {
    HostGate gate = new HostGate(1, 1_000_000);
    assertThat(gate.enter(LINE, Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
    List<String> entered = Collections.synchronizedList(new ArrayList<>());
    List<String> order = List.of("busy", "busy", "busy", "busy", "quiet", "busy", "quiet");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String line : order) {
        int before = gate.waiting();
        var _ =
            threads.submit(() -> {
              assertThat(gate.enter(line, Deadline.in(LATE))).isEqualTo(HostGate.Entry.IN);
              entered.add(line);
              gate.leave();
              return line;
            });
        await().until(() -> gate.waiting() > before);
      }
      gate.leave();
    }
    // The first two wait for the place already; then another line's is never more than one away.
    assertThat(entered).hasSize(order.size()).startsWith("busy", "quiet");
    assertThat(entered.subList(2, 4)).contains("quiet");
  }
}
