package dev.sigwarden.store;

import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;

/// A proven entry of a ledger.
///
/// @param id the transaction that registered it
/// @param claims the digest that its receipt binds
/// @param signed the transaction whose signature covers it; its place is the tree's size
/// @param root that tree's root
public record LedgerEntry(TxId id, Hash claims, TxId signed, Hash root) {}
