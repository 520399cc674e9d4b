package dev.sigwarden.log.http;

import java.time.Duration;

/// An instant of the monotonic clock by which a call ends.
///
/// @param nanoTime the instant, as `System.nanoTime()`
record Deadline(long nanoTime) {
  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /// Nanoseconds left, 0 when over.
  long nanosLeft() {
    return Math.max(0, nanoTime - System.nanoTime());
  }
}
