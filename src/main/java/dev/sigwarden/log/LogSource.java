package dev.sigwarden.log;

import dev.sigwarden.merkle.TreeHead;
import java.time.Duration;
import java.util.Optional;

/// A configured log that can be opened.
@FunctionalInterface
public non-sealed interface LogSource extends LogBlock {
  /// How old the time in the log's newest head may be, as the log promised: the maximum merge delay
  /// of RFC 6962 section 3; empty if it promised none.
  default Optional<Duration> mergeDelay() {
    return Optional.empty();
  }

  /// The log's last head, as whoever lists it says; empty if it is not known to end.
  default Optional<TreeHead> finalHead() {
    return Optional.empty();
  }

  /// Whether a client that `other` opened still serves: if not, it is replaced by one of this.
  default boolean sameAs(LogSource other) {
    return true;
  }

  /// A client on the log; fetches nothing yet.
  LogClient open(LogTools tools);
}
