package dev.sigwarden.store;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import java.time.Instant;
import java.util.Optional;

/// A verified receipt that is kept for its tree.
///
/// @param signed the transaction of the signature; its place is the tree's size
/// @param root the tree's root
/// @param receipt as served
/// @param seen when it was seen first
/// @param issued when the service says that it signed
/// @param proven whether the tree was shown to be a prefix of a later one
public record LedgerReceipt(
    TxId signed,
    Hash root,
    Cbor.Bytes receipt,
    Instant seen,
    Optional<Instant> issued,
    boolean proven) {}
