package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.time.Instant;
import java.util.Optional;

/// What a receipt is worth for a statement.
public sealed interface ReceiptVerdict {
  /// The service signed a tree that holds the statement.
  ///
  /// @param issuer the service as it names itself; empty if it does not
  /// @param key SHA-256 of the SubjectPublicKeyInfo of the key that signed
  /// @param position where the statement is
  /// @param head the tree that was signed
  /// @param issuedAt when, as the service says
  record Proven(
      String issuer, Hash key, Position position, TreeHead head, Optional<Instant> issuedAt)
      implements ReceiptVerdict {}

  /// Nothing is known against it, and nothing is proven: no key for it is held, or its form is not
  /// known.
  ///
  /// @param why what is missing; bounded and printable
  record Unproven(String why) implements ReceiptVerdict {}

  /// It does not hold, or not for this statement.
  ///
  /// @param why what does not hold; bounded and printable
  record Invalid(String why) implements ReceiptVerdict {}

  /// A place in a log.
  sealed interface Position {
    /// In a tree of RFC 9162.
    ///
    /// @param index of the leaf
    record Leaf(long index) implements Position {}

    /// In a CCF ledger.
    ///
    /// @param registered the transaction that registered the statement: its id there
    /// @param signed the transaction of the signature
    record Transaction(TxId registered, TxId signed) implements Position {}
  }
}
