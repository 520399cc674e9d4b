package dev.sigwarden.outbox;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.store.Pending;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// What becomes of one delivery after an attempt: exponential backoff with full jitter, so that
/// many daemons do not come back at the same moment. Pure but for the randomness.
final class RetrySchedule {
  /// The most that is waited after the first failure.
  static final Duration BASE = Duration.ofSeconds(2);

  /// The least that is waited, whatever the dice say.
  static final Duration LEAST = Duration.ofSeconds(1);

  /// The most that is waited between attempts.
  static final Duration CAP = Duration.ofMinutes(15);

  /// The most that is waited between attempts for a critical alert in its first hour.
  static final Duration CRITICAL_CAP = Duration.ofMinutes(2);

  /// How long a critical alert is tried more often.
  static final Duration CRITICAL_WINDOW = Duration.ofHours(1);

  /// Doublings after which every cap is reached; bounds the shift.
  private static final int MOST_DOUBLINGS = 20;

  private final Duration maxAge;
  private final RandomGenerator random;

  RetrySchedule(Duration maxAge, RandomGenerator random) {
    this.maxAge = maxAge;
    this.random = random;
  }

  /// What to do with a delivery.
  sealed interface Next {
    /// The receiver has it.
    record Done(String reference) implements Next {}

    /// It was not to have it.
    record LeftOut(String reason) implements Next {}

    /// Try it again, not before `at`.
    record Again(Instant at, String reason) implements Next {}

    /// It will not be tried again.
    record GiveUp(String reason) implements Next {}
  }

  /// What to do after an attempt that ended at `now`.
  ///
  /// A receiver that refuses Sigwarden itself keeps its deliveries however old they are: a mended
  /// password sends them.
  Next after(Delivery result, Pending delivery, Instant now) {
    Duration age = age(delivery, now);
    Duration backoff = backoff(delivery.attempts(), delivery.alert().severity(), age);
    return switch (result) {
      case Delivery.Delivered(String reference) -> new Next.Done(reference);
      case Delivery.LeftOut(String reason) -> new Next.LeftOut(reason);
      case Delivery.Refused(String reason) -> new Next.GiveUp(reason);
      case Delivery.Unauthorized(String reason) -> new Next.Again(now.plus(backoff), reason);
      case Delivery.TryAgain(String reason, _) when age.compareTo(maxAge) >= 0 ->
          new Next.GiveUp("not delivered within %d hours: %s".formatted(maxAge.toHours(), reason));
      case Delivery.TryAgain(String reason, var pause) -> {
        Duration asked = pause.map(Breaker::bounded).orElse(Duration.ZERO);
        yield new Next.Again(now.plus(asked.compareTo(backoff) > 0 ? asked : backoff), reason);
      }
    };
  }

  /// How long to wait after `attempts` earlier attempts and one more: in `[LEAST, cap]`.
  private Duration backoff(int attempts, Severity severity, Duration age) {
    long cap = (hurried(severity, age) ? CRITICAL_CAP : CAP).toMillis();
    long bound = Math.min(cap, BASE.toMillis() << Math.clamp(attempts, 0, MOST_DOUBLINGS));
    return Duration.ofMillis(Math.max(LEAST.toMillis(), random.nextLong(bound + 1)));
  }

  /// Whether a delivery is tried more often: a critical alert in its first hour.
  static boolean hurried(Pending delivery, Instant now) {
    return hurried(delivery.alert().severity(), age(delivery, now));
  }

  private static boolean hurried(Severity severity, Duration age) {
    return severity == Severity.CRITICAL && age.compareTo(CRITICAL_WINDOW) < 0;
  }

  /// Never negative: a clock that was set back makes nothing younger than new.
  private static Duration age(Pending delivery, Instant now) {
    Duration age = Duration.between(delivery.created(), now);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
