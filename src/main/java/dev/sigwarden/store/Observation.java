package dev.sigwarden.store;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Verdict;
import java.time.Instant;

/// An entry that a watch selected, whatever the verdict.
///
/// @param log the operator's name of the log
/// @param branch the view it was seen in
/// @param index the entry's index
/// @param leaf the leaf hash
/// @param watch the watch's name
/// @param verdict what the watch said last
/// @param format the leaf format, to decode the entry again
/// @param entry the entry's bytes
/// @param firstSeen when Sigwarden judged it first
public record Observation(
    String log,
    int branch,
    long index,
    Hash leaf,
    String watch,
    Verdict verdict,
    String format,
    EntryBytes entry,
    Instant firstSeen) {
  /// What tells it from others.
  public ObservationKey key() {
    return new ObservationKey(log, branch, index, watch);
  }

  /// The same entry observed by another watch.
  public Observation withWatch(String other) {
    return new Observation(log, branch, index, leaf, other, verdict, format, entry, firstSeen);
  }

  /// The same observation with another verdict.
  public Observation withVerdict(Verdict other) {
    return new Observation(log, branch, index, leaf, watch, other, format, entry, firstSeen);
  }
}
