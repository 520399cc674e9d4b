package dev.sigwarden.verify;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.LeafHashes;
import dev.sigwarden.merkle.TreeHead;
import java.util.List;
import java.util.OptionalLong;

/// Whether leaves that were fetched are in the tree that the log signed: their hashes, appended to
/// the compact range of all leaves before, must give a tree that is a prefix of the signed one.
public final class ChunkProof {
  private ChunkProof() {}

  /// The compact range after `leaves`.
  public static CompactRange append(CompactRange before, LeafHashes leaves) {
    CompactRange range = before.copy();
    leaves.appendTo(range, 0, leaves.size());
    return range;
  }

  /// Whether `after` is a prefix of the tree of `head`.
  public static boolean holds(CompactRange after, ConsistencyProof proof, TreeHead head) {
    return proof.holds(after.head(), head);
  }

  /// The first index at which leaf hashes computed from what was served differ from those that the
  /// log stores; empty if none does.
  ///
  /// @param from the index of the first leaf
  public static OptionalLong firstDifference(long from, List<Hash> computed, List<Hash> stored) {
    for (int i = 0; i < Math.min(computed.size(), stored.size()); i++) {
      if (!computed.get(i).equals(stored.get(i))) {
        return OptionalLong.of(from + i);
      }
    }
    return OptionalLong.empty();
  }
}
