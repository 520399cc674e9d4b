package dev.sigwarden.outbox;

import dev.sigwarden.notify.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether a receiver is being tried at all. Closed, everything due is sent. After several failures
/// in a row, or one refusal of Sigwarden itself, it opens: one attempt after a pause, which doubles
/// until an attempt succeeds. A receiver that refuses message after message counts as failing too,
/// so that an endpoint gone wrong does not turn a whole backlog into dead letters before a person
/// looks.
///
/// Owned by one worker's thread.
final class Breaker {
  /// Failures in a row that open it.
  static final int FAILURES = 5;

  /// The first pause when open.
  static final Duration FIRST_PROBE = Duration.ofSeconds(30);

  /// The longest pause when open: a receiver that is mended gets its alerts at most so much later.
  static final Duration LONGEST_PROBE = Duration.ofMinutes(10);

  /// The shortest and longest pause that a receiver may ask for (`Retry-After`).
  static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private int failures;
  private boolean open;
  private Duration probe = FIRST_PROBE;
  private Instant quietFrom = Instant.EPOCH;
  private Instant quietUntil = Instant.EPOCH;

  /// Takes note of an attempt that ended at `now`.
  ///
  /// @param longest the longest pause that is right for what was to be delivered, at most
  ///   `LONGEST_PROBE`
  void after(Delivery result, Instant now, Duration longest) {
    switch (result) {
      case Delivery.Delivered _ -> {
        failures = 0;
        open = false;
        probe = FIRST_PROBE;
        quietUntil = Instant.EPOCH;
      }
      case Delivery.LeftOut _ -> {
        // Says nothing of the receiver.
      }
      case Delivery.TryAgain(_, Optional<Duration> pause) -> {
        failed(now, FAILURES, longest);
        pause.ifPresent(asked -> quiet(now, bounded(asked)));
      }
      case Delivery.Refused _ -> failed(now, FAILURES, longest);
      case Delivery.Unauthorized _ -> failed(now, 1, longest);
    }
  }

  /// Whether the receiver is given up for now.
  boolean isOpen() {
    return open;
  }

  /// How long to leave the receiver alone: zero if it may be tried.
  Duration pause(Instant now) {
    Duration pause = Duration.between(now, quietUntil);
    // A pause that is yet to begin began before the clock was set back.
    return pause.isNegative() || now.isBefore(quietFrom) ? Duration.ZERO : pause;
  }

  private void failed(Instant now, int enough, Duration longest) {
    failures++;
    if (open || failures >= enough) {
      open = true;
      quiet(now, shorter(probe, longest));
      probe = shorter(probe.multipliedBy(2), LONGEST_PROBE);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void quiet(Instant now, Duration pause) {
    Instant until = now.plus(pause);
    if (until.isAfter(quietUntil) || now.isBefore(quietFrom)) {
      quietFrom = now;
      quietUntil = until;
    }
  }

  /// The pause that a receiver asked for, within what is granted.
  static Duration bounded(Duration asked) {
    if (asked.compareTo(SHORTEST_PAUSE) < 0) {
      return SHORTEST_PAUSE;
    }
    return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
  }
}
