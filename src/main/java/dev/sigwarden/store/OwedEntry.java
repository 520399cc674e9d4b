package dev.sigwarden.store;

import dev.sigwarden.cose.TxId;
import java.time.Instant;

/// An entry that a ledger's service listed and that is not proven yet.
///
/// @param id the transaction
/// @param since when that was first so
/// @param why what was met last; printable
public record OwedEntry(TxId id, Instant since, String why) {}
