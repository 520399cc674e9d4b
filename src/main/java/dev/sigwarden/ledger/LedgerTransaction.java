package dev.sigwarden.ledger;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import java.util.List;
import java.util.Optional;

/// One transaction of a ledger, as far as a replay looks at it.
///
/// @param id its view and place
/// @param leaf its leaf hash in the ledger's tree
/// @param claims the digest of what it claims, if it claims anything
/// @param writes what it writes to the tables that were asked for
public record LedgerTransaction(TxId id, Hash leaf, Optional<Hash> claims, List<Write> writes) {
  public LedgerTransaction {
    writes = List.copyOf(writes);
  }

  /// One written value.
  ///
  /// @param table the table's name
  /// @param key the key's bytes
  /// @param value the value's bytes
  public record Write(String table, Cbor.Bytes key, Cbor.Bytes value) {}
}
