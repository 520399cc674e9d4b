package dev.sigwarden.tail;

import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.LeafHashes;

/// Leaves that are proven to be in the tree of a head that the log signed.
///
/// @param leaves the leaves
/// @param hashes their hashes, in order
/// @param after the compact range after them
record ProvenChunk(Leaves leaves, LeafHashes hashes, CompactRange after) {}
