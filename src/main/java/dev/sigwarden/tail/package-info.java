/// One log, one turn at a time: ask for its head, prove that it continues what is known, read and
/// judge what is new, prove it, and write everything down in one transaction. `LogTurn` is where
/// reading Sigwarden starts.
///
/// Ledgers have a turn of their own (`LedgerTurn`), with the same commit: `LedgerReading` reads
/// what is new, `LedgerHeads` compares receipts, `LedgerAudit` looks at the past again, and
/// `LedgerFiles` replays the ledger's files.
///
/// Beside it, over all logs: `PendingReview` settles what waits for its grace to end. `RangeScan`
/// is the same reading for the command `scan`, without a store.
@NullMarked
package dev.sigwarden.tail;

import org.jspecify.annotations.NullMarked;
