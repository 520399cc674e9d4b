package dev.sigwarden.tail;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.LedgerPath;
import dev.sigwarden.cose.LoggedMessage;
import dev.sigwarden.cose.ReceiptVerdict;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an entry of a ledger is worth, as its service handed it out.
sealed interface CheckedEntry {
  /// The transaction that was asked for.
  TxId id();

  /// It is proven, and was judged.
  sealed interface Judged extends CheckedEntry permits Proven, Filed {
    /// What is worth writing down of it.
    List<Judgement> judgements();

    /// Why it is not its issuer's; empty if nothing says so.
    Optional<String> refused();

    /// As the database keeps it.
    LedgerEntry kept();

    /// Its leaf hash.
    Hash leaf();

    /// The key that signed the tree that proves it.
    Hash key();

    /// When that was, if the service says so.
    Optional<Instant> issued();
  }

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
      implements Judged {
    public Proven {
      judgements = List.copyOf(judgements);
    }

    @Override
    public LedgerEntry kept() {
      return new LedgerEntry(id, message.claimsDigest(), path.signed(), path.root());
    }

    @Override
    public Hash leaf() {
      return path.leaf();
    }

    @Override
    public Hash key() {
      return verdict.key();
    }

    @Override
    public Optional<Instant> issued() {
      return verdict.issuedAt();
    }
  }

  /// The ledger's files prove it, which the service signed.
  ///
  /// @param entry its bytes
  /// @param kept as the database keeps it
  /// @param file the file that has it
  record Filed(
      TxId id,
      Cbor.Bytes entry,
      LedgerEntry kept,
      Hash leaf,
      Hash key,
      String file,
      List<Judgement> judgements,
      Optional<String> refused)
      implements Judged {
    public Filed {
      judgements = List.copyOf(judgements);
    }

    @Override
    public Optional<Instant> issued() {
      return Optional.empty();
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
