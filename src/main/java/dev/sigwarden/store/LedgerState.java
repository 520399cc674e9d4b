package dev.sigwarden.store;

import java.util.List;

/// What is known of a ledger as a whole.
///
/// @param first where reading began
/// @param next the first place whose entries were not recorded, `>= 1`
/// @param view the highest view that was seen; 0 before any
/// @param kids the keys that the service showed last, hex, sorted
/// @param accepted the keys that were believed then, hex, sorted
/// @param policy what the service said last of its policy; empty if nothing
/// @param again the first entry to be looked at again after a change of accepted keys; -1 if none
///   is
public record LedgerState(
    long first,
    long next,
    long view,
    List<String> kids,
    List<String> accepted,
    String policy,
    long again) {
  public LedgerState {
    kids = List.copyOf(kids);
    accepted = List.copyOf(accepted);
  }

  /// The same with other keys shown and believed.
  public LedgerState withKeys(List<String> shown, List<String> believed, long from) {
    return new LedgerState(first, next, view, shown, believed, policy, from);
  }

  /// The same with another policy.
  public LedgerState withPolicy(String other) {
    return new LedgerState(first, next, view, kids, accepted, other, again);
  }

  /// The same with another view.
  public LedgerState withView(long other) {
    return new LedgerState(first, next, other, kids, accepted, policy, again);
  }

  /// The same with another entry to be looked at again.
  public LedgerState withAgain(long from) {
    return new LedgerState(first, next, view, kids, accepted, policy, from);
  }
}
