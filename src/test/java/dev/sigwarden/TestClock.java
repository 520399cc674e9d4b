package dev.sigwarden;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until told to move. Thread-safe.
public final class TestClock extends Clock {
  /// Where every test's time starts, on a whole millisecond.
  public static final Instant START = Instant.parse("2026-11-22T10:00:00.125Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);

  /// Moves the time on, or back.
  public void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("always UTC");
  }
}
