package dev.sigwarden.store;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Verdict;
import java.time.Instant;
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
    Optional<Hash> signer) {
  /// An entry by a signer that is not known.
  public Observation(
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
      Optional<Hash> certificate) {
    this(
        log,
        branch,
        index,
        leaf,
        observer,
        verdict,
        format,
        entry,
        firstSeen,
        loggedAt,
        certificate,
        Optional.empty());
  }

  /// An entry of a log that keeps no time and no certificates.
  public Observation(
      String log,
      int branch,
      long index,
      Hash leaf,
      Observer observer,
      Verdict verdict,
      String format,
      EntryBytes entry,
      Instant firstSeen) {
    this(
        log,
        branch,
        index,
        leaf,
        observer,
        verdict,
        format,
        entry,
        firstSeen,
        Optional.empty(),
        Optional.empty());
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
    return new Observation(
        log,
        branch,
        index,
        leaf,
        other,
        verdict,
        format,
        entry,
        firstSeen,
        loggedAt,
        certificate,
        signer);
  }

  /// The same observation with another verdict.
  public Observation withVerdict(Verdict other) {
    return new Observation(
        log,
        branch,
        index,
        leaf,
        observer,
        other,
        format,
        entry,
        firstSeen,
        loggedAt,
        certificate,
        signer);
  }

  /// The same observation, first seen at another time.
  public Observation withFirstSeen(Instant other) {
    return new Observation(
        log,
        branch,
        index,
        leaf,
        observer,
        verdict,
        format,
        entry,
        other,
        loggedAt,
        certificate,
        signer);
  }
}
