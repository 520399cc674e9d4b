package dev.sigwarden.log;

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

  /// A client on the log; fetches nothing yet.
  LogClient open(LogTools tools);
}
