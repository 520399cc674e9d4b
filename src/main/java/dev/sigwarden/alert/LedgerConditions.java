package dev.sigwarden.alert;

import java.time.Instant;

/// Conditions that only ledgers are in.
///
/// @param conditions the words of conditions
public record LedgerConditions(Conditions conditions) {
  /// Entries that a ledger lists are not proven, and have not been for long.
  ///
  /// @param count how many
  /// @param first the transaction that has waited longest
  /// @param reason what the last attempt for it met; may hold text from the service
  public Alert unavailable(
      WhereSeen where, long count, String first, String reason, Instant since) {
    return conditions.ofLog(
        Kind.ENTRY_UNAVAILABLE,
        where,
        "Entries that the ledger lists are judged by nobody: the service does not hand them out, or"
            + " does not prove them.",
        new Fields()
            .add("entries", Long.toString(count))
            .add("first", first)
            .fromLog("last-error", reason),
        since,
        "Ask for the entry yourself, from another network too. An entry that is withheld may be the"
            + " one that is not to be seen.",
        "Look at the operator's status page. Sigwarden goes on asking, and judges what it gets.");
  }
}
