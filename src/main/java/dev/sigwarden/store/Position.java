package dev.sigwarden.store;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.util.List;

/// How far a view of a log was judged: always proven under a head that the log signed.
///
/// @param head size in leaves and root of what was judged
/// @param range the subtree roots of the compact range over those leaves, largest first
public record Position(TreeHead head, List<Hash> range) {
  public Position {
    range = List.copyOf(range);
  }

  /// The position that a compact range stands for.
  public static Position of(CompactRange range) {
    return new Position(range.head(), range.hashes());
  }

  /// A fresh compact range to append to.
  public CompactRange toRange() {
    return CompactRange.of(head.size(), range);
  }
}
