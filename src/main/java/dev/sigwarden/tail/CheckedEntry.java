package dev.sigwarden.tail;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.LedgerPath;
import dev.sigwarden.cose.LoggedMessage;
import dev.sigwarden.cose.ReceiptVerdict;
import dev.sigwarden.cose.TxId;
import java.util.List;
import java.util.Optional;

/// What an entry of a ledger is worth, as its service handed it out.
sealed interface CheckedEntry {
  /// The transaction that was asked for.
  TxId id();

  /// A receipt proves it.
  ///
  /// @param message as served
  /// @param verdict of the receipt that proves it
  /// @param path what that receipt says of the tree
  /// @param receipt as served
  /// @param judgements what is worth writing down of it
  /// @param refused why it is not its issuer's; empty if nothing says so
  record Proven(
      TxId id,
      LoggedMessage message,
      ReceiptVerdict.Proven verdict,
      LedgerPath path,
      Cbor.Bytes receipt,
      List<Judgement> judgements,
      Optional<String> refused)
      implements CheckedEntry {
    public Proven {
      judgements = List.copyOf(judgements);
    }
  }

  /// Its receipt is of a key that is not believed.
  ///
  /// @param served as served
  record OfUnknownKey(TxId id, String why, Cbor.Bytes served) implements CheckedEntry {}

  /// What was served does not prove it.
  ///
  /// @param served as served
  record Unbelievable(TxId id, String why, Cbor.Bytes served) implements CheckedEntry {}

  /// It was not handed out.
  ///
  /// @param denied whether the service says that there is no such entry
  record Missing(TxId id, String why, boolean denied) implements CheckedEntry {}
}
