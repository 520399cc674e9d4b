package dev.sigwarden.outbox;

import java.time.Duration;
import java.time.Instant;

/// A token bucket that holds ten seconds' worth of messages and at least one: a burst goes out at
/// once, a flood at the rate. Owned by one worker's thread.
final class RateLimit {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /// How much of a minute's messages may go out at once.
  private static final int BURSTS_PER_MINUTE = 6;

  private final Duration interval;
  private final Duration tolerance;

  /// When the bucket will be full again.
  private Instant full = Instant.EPOCH;

  /// @param perMinute messages a minute, `>= 1`
  RateLimit(int perMinute) {
    this.interval = MINUTE.dividedBy(perMinute);
    this.tolerance = interval.multipliedBy(Math.max(1, perMinute / BURSTS_PER_MINUTE) - 1L);
  }

  /// How long until a message may go out: zero if one may now.
  Duration pause(Instant now) {
    Duration pause = Duration.between(now, full.minus(tolerance));
    // Longer than it takes to fill the bucket: the clock was set back.
    return pause.isNegative() || pause.compareTo(interval) > 0 ? Duration.ZERO : pause;
  }

  /// Takes note of a message that went out.
  void sent(Instant now) {
    Instant from = full.isAfter(now) ? full : now;
    Instant fullest = now.plus(tolerance).plus(interval);
    full = from.plus(interval).isAfter(fullest) ? fullest : from.plus(interval);
  }
}
