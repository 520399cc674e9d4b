package dev.sigwarden.log;

import dev.sigwarden.log.http.PoliteHttp;
import java.time.Clock;

/// What every log client needs from outside.
///
/// @param http the polite, bounded HTTP client that all logs share
/// @param clock the time
/// @param memory what all logs together may hold
public record LogTools(PoliteHttp http, Clock clock, MemoryBudget memory) {
  /// With the budget that fits this machine.
  public LogTools(PoliteHttp http, Clock clock) {
    this(http, clock, MemoryBudget.standard());
  }
}
