package dev.sigwarden.feed;

import dev.sigwarden.notify.kafka.KafkaClients.Trouble;
import java.time.Duration;
import java.time.Instant;

/// When to ask brokers again that failed, and when to tell of it. One thread's.
final class Attempts {
  /// Attempts in a row that fail before a trouble is told that may pass.
  private static final int PATIENCE = 3;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private int failures;
  private Instant next = Instant.MIN;

  /// Whether it is too early. A clock that was set back makes nobody wait for long.
  boolean pause(Instant now) {
    return now.isBefore(next) && now.plus(LONGEST_PAUSE).isAfter(next);
  }

  /// The last attempt went well.
  void succeeded() {
    failures = 0;
    next = Instant.MIN;
  }

  /// The last attempt failed; whether that is to be told.
  boolean failed(Trouble trouble, Instant now) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures, 5));
    failures++;
    next = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    return trouble instanceof Trouble.Lasting || failures >= PATIENCE;
  }
}
