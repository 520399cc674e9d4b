package dev.sigwarden.log;

import dev.sigwarden.log.http.PoliteHttp;
import java.time.Clock;

/// What every log client needs from outside.
///
/// @param http the polite, bounded HTTP client that all logs share
/// @param clock the time
/// @param memory what all logs together may hold
/// @param roots what trusted roots say of logs
public record LogTools(PoliteHttp http, Clock clock, MemoryBudget memory, RootLogs roots) {
  /// With the budget that fits this machine.
  public LogTools(PoliteHttp http, Clock clock, RootLogs roots) {
    this(http, clock, MemoryBudget.standard(), roots);
  }

  /// The same without any trusted root.
  public LogTools(PoliteHttp http, Clock clock) {
    this(http, clock, RootLogs.none());
  }
}
