package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// When a backlog will be gone, from how it went so far.
class OutlookTest {
  private static final Instant BEGAN = Instant.parse("2026-01-02T00:00:00Z");
  private static final Instant NOW = BEGAN.plus(Duration.ofHours(1));

  private final Outlook outlook = new Outlook(BEGAN, 0, 1_000_000);

  @Test
  void a_backlog_that_shrinks_is_gone_when_its_rest_is_read_at_the_same_pace() {
    // 200 entries/s judged, 100 logged: 640,000 are left, and 100 fewer each second.
    assertThat(outlook.words(NOW, 720_000, 1_360_000))
        .isEqualTo("in about 1.8 hours (200.0 entries/s judged, 100.0 entries/s logged)");
    assertThat(outlook.lastsLonger(Duration.ofHours(1), NOW, 720_000, 1_360_000)).isTrue();
    assertThat(outlook.lastsLonger(Duration.ofHours(2), NOW, 720_000, 1_360_000)).isFalse();
  }

  @Test
  void long_ones_are_told_in_days() {
    assertThat(outlook.words(NOW, 36_000, 1_032_400)).startsWith("in about 12 days");
  }

  @Test
  void a_backlog_that_grows_is_never_gone() {
    assertThat(outlook.words(NOW, 36_000, 1_360_000))
        .isEqualTo("never at the present rates (10.0 entries/s judged, 100.0 entries/s logged)");
    assertThat(outlook.words(NOW, 0, 1_000_000)).startsWith("never");
    assertThat(outlook.lastsLonger(Duration.ofDays(9_999), NOW, 0, 1_000_000)).isTrue();
    assertThat(outlook.words(BEGAN, 0, 1_000_000)).startsWith("never");
  }
}
