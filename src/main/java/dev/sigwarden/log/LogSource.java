package dev.sigwarden.log;

/// A configured log that can be opened.
@FunctionalInterface
public non-sealed interface LogSource extends LogBlock {
  /// A client on the log; fetches nothing yet.
  LogClient open(LogTools tools);
}
