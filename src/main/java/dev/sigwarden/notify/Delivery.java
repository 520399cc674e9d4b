package dev.sigwarden.notify;

import java.time.Duration;
import java.util.Optional;

/// How one attempt to hand over one message ended.
public sealed interface Delivery {
  /// The receiver has it.
  ///
  /// @param reference what the receiver calls it, bounded; empty if it said nothing
  record Delivered(String reference) implements Delivery {}

  /// The operator does not want the receiver to be told of this; it was not asked.
  ///
  /// @param reason why, shown where the delivery is
  record LeftOut(String reason) implements Delivery {}

  /// Worth another attempt.
  ///
  /// @param reason what happened, bounded and sanitised
  /// @param pause what the receiver asked for (`Retry-After`); empty if it did not say
  record TryAgain(String reason, Optional<Duration> pause) implements Delivery {}

  /// The receiver refuses Sigwarden, not this message: wrong credentials, endpoint gone. Kept and
  /// tried again slowly, since a person can mend it.
  record Unauthorized(String reason) implements Delivery {}

  /// No attempt at this message will ever succeed.
  record Refused(String reason) implements Delivery {}
}
