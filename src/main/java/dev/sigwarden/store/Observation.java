package dev.sigwarden.store;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An entry that a watch selected, whatever the verdict.
///
/// @param log the operator's name of the log
/// @param branch the view it was seen in
/// @param index the entry's index
/// @param leaf the leaf hash
/// @param observer the watch that selected it
/// @param verdict what the watch said last
/// @param format the leaf format, to decode the entry again
/// @param entry the entry's bytes
/// @param firstSeen when Sigwarden judged it first
/// @param loggedAt when the log says, signed, that it took the entry; empty if it keeps no time
/// @param certificate what entries share that are about one certificate, in whichever log: they are
///   one observation and counted once; empty for an entry that is about none
/// @param signer what tells the identity that signed from others; empty if not known
/// @param artifacts the digests that the entry names, each as `sha256:HEX`, to be looked up by;
///   only written, not read back
public record Observation(
    String log,
    int branch,
    long index,
    Hash leaf,
    Observer observer,
    Verdict verdict,
    String format,
    EntryBytes entry,
    Instant firstSeen,
    Optional<Instant> loggedAt,
    Optional<Hash> certificate,
    Optional<Hash> signer,
    List<String> artifacts) {
  public Observation {
    artifacts = List.copyOf(artifacts);
  }

  /// The watch's name.
  public String watch() {
    return observer.watch();
  }

  /// What tells it from others.
  public ObservationKey key() {
    return new ObservationKey(log, branch, index, watch());
  }

  /// The same entry observed by another watch.
  public Observation withObserver(Observer other) {
    return with(other, verdict, firstSeen);
  }

  /// The same observation with another verdict.
  public Observation withVerdict(Verdict other) {
    return with(observer, other, firstSeen);
  }

  /// The same observation, first seen at another time.
  public Observation withFirstSeen(Instant other) {
    return with(observer, verdict, other);
  }

  private Observation with(Observer nextObserver, Verdict nextVerdict, Instant nextFirstSeen) {
    return new Observation(
        log,
        branch,
        index,
        leaf,
        nextObserver,
        nextVerdict,
        format,
        entry,
        nextFirstSeen,
        loggedAt,
        certificate,
        signer,
        artifacts);
  }
}
