package dev.sigwarden.practice;

/// The id of a transaction of a practice ledger.
///
/// @param view `>= 1`; grows by one with an election, by two with a recovery
/// @param seqno `>= 1`; its place in the ledger and in the tree
public record PracticeTxId(long view, long seqno) {
  /// `VIEW.SEQNO`.
  @Override
  public String toString() {
    return view + "." + seqno;
  }
}
