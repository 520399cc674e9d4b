package dev.sigwarden.store;

import dev.sigwarden.merkle.Hash;
import java.util.List;

/// Everything that judging entries of a ledger changes, written in one transaction or not at all.
///
/// @param known the place that was read from; the commit is refused if it is no longer this
/// @param next the place after what was read, `>= known`
/// @param view the highest view seen
/// @param entries proven, told or not; none of them is owed any more
/// @param receipts that are kept, and those whose trees are proven now
/// @param owed entries that could not be proven
/// @param versions the security versions that watched issuers signed
/// @param observations entries that watches selected
/// @param filings findings and their receivers
/// @param untold entries that are only counted
/// @param watchSet the set of the watches that judged them (`Coverage`)
public record LedgerCommit(
    long known,
    long next,
    long view,
    List<LedgerEntry> entries,
    List<LedgerReceipt> receipts,
    List<OwedEntry> owed,
    List<Version> versions,
    List<Observation> observations,
    List<Filing> filings,
    List<Untold> untold,
    long watchSet) {
  public LedgerCommit {
    entries = List.copyOf(entries);
    receipts = List.copyOf(receipts);
    owed = List.copyOf(owed);
    versions = List.copyOf(versions);
    observations = List.copyOf(observations);
    filings = List.copyOf(filings);
    untold = List.copyOf(untold);
  }

  /// A security version that an issuer signed for a feed.
  ///
  /// @param subject a hash of issuer and feed
  /// @param version the number
  /// @param seqno the entry's place
  public record Version(Hash subject, long version, long seqno) {}
}
