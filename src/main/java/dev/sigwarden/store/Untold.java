package dev.sigwarden.store;

import java.time.Instant;

/// An entry that is worth telling and was not told by itself, since too many like it were.
///
/// @param log the operator's name of the log
/// @param branch the view
/// @param index the entry's index
/// @param kind the label of the kind of finding that it would be, or is
/// @param watch the watch that it is told for; empty for none
/// @param leaf the entry's leaf hash in hex, proven to be in the log; empty if there is a finding
///   of the entry, which says it
/// @param reason why it is worth telling, sanitised
/// @param seen when it was written down
public record Untold(
    String log,
    int branch,
    long index,
    String kind,
    String watch,
    String leaf,
    String reason,
    Instant seen) {
  /// A sum of such entries of one log.
  ///
  /// @param entries how many, above 0
  /// @param first the lowest index
  /// @param last the highest index
  /// @param since when the first was written down
  public record Sum(long entries, long first, long last, Instant since) {}
}
