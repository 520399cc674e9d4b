package dev.sigwarden.log;

/// A configured log that can be opened.
@FunctionalInterface
public interface LogSource {
  /// A client on the log; fetches nothing yet.
  LogClient open(LogTools tools);
}
