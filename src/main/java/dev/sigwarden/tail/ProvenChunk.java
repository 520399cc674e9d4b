package dev.sigwarden.tail;

import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.LeafHashes;
import java.util.List;

/// Leaves that are proven to be in the tree of a head that the log signed, and what the watches say
/// of them.
///
/// @param judged the leaves with their hashes and judgements
/// @param after the compact range after them
record ProvenChunk(JudgedLeaves judged, CompactRange after) {
  /// The leaves.
  Leaves leaves() {
    return judged.leaves();
  }

  /// Their hashes, in order.
  LeafHashes hashes() {
    return judged.hashes();
  }

  /// What is worth writing down of them, in index order.
  List<Judgement> judgements() {
    return judged.judgements();
  }
}
