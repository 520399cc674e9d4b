package dev.sigwarden.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How one log stands, for metrics and health; a snapshot.
///
/// @param log the operator's name of the log
/// @param position entries judged of the proven history
/// @param head entries in its newest head
/// @param branches histories that contradict the proven one
/// @param lastProven when a head was last proven to continue the history; empty before the first
/// @param lastTurn when the last turn ended, well or not; empty before the first
/// @param failingSince since when no turn reached the log; empty if the last one did
/// @param error what the last turn met; empty if it went well
/// @param judged entries judged since the start
/// @param provenHead when the newest tree of a ledger was signed that is shown to be a prefix of a
///   later one; empty before any, and for logs whose heads are all proven
/// @param readThrough through when it was read: what it had then was judged, all of it; empty
///   before this process has come to its end once
/// @param backlogAge how old the oldest head with entries not judged is; zero without a backlog
public record LogStatus(
    String log,
    long position,
    long head,
    int branches,
    Optional<Instant> lastProven,
    Optional<Instant> lastTurn,
    Optional<Instant> failingSince,
    String error,
    long judged,
    Optional<Instant> provenHead,
    Optional<Instant> readThrough,
    Duration backlogAge) {
  /// Entries in the newest head that were not judged.
  public long lag() {
    return Math.max(0, head - position);
  }
}
