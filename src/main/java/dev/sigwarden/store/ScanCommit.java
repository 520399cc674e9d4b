package dev.sigwarden.store;

import dev.sigwarden.merkle.Hash;
import java.util.List;

/// What judging a part of a scan's piece changes, written in one transaction or not at all.
///
/// @param hold the piece as it was taken; refused if somebody else has taken it since
/// @param known the index up to which the piece was written before; refused if it is no longer that
/// @param next the compact range over all leaves up to where it is written now
/// @param hashes the subtree roots of the compact range over the piece's own leaves up to there
/// @param revision of the watches that judged
/// @param done whether that is the piece's end
/// @param observations entries that watches selected
/// @param filings findings and their receivers, those that are known included
/// @param untold entries that are only counted
/// @param watchSet the set of the watches that judged (`Coverage`)
public record ScanCommit(
    ScanPiece.Hold hold,
    long known,
    Position next,
    List<Hash> hashes,
    String revision,
    boolean done,
    List<Observation> observations,
    List<Filing> filings,
    List<Untold> untold,
    long watchSet) {
  public ScanCommit {
    hashes = List.copyOf(hashes);
    observations = List.copyOf(observations);
    filings = List.copyOf(filings);
    untold = List.copyOf(untold);
  }
}
