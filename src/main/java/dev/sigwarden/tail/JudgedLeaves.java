package dev.sigwarden.tail;

import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.LeafHashes;
import java.util.List;

/// Leaves as a log served them, and what the watches say of them should they prove to be in its
/// tree.
///
/// @param leaves the leaves
/// @param hashes their hashes, in order
/// @param judgements of those that are worth writing down, in index order
record JudgedLeaves(Leaves leaves, LeafHashes hashes, List<Judgement> judgements) {
  JudgedLeaves {
    judgements = List.copyOf(judgements);
  }
}
