package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import java.util.ArrayList;
import java.util.List;

/// The Merkle tree of a CCF ledger, all of it: leaf 0 of 32 zero bytes, nodes SHA-256(left ||
/// right), of the shape of RFC 9162 section 2.1.1. Not thread-safe.
final class PracticeLedgerTree {
  /// `levels.get(k).get(i)` is over the leaves `[i * 2^k, (i + 1) * 2^k)`; whole nodes only.
  private final List<List<Hash>> levels = new ArrayList<>();

  /// One sibling on a leaf's way up.
  ///
  /// @param left whether it stands at the left
  record Step(boolean left, Hash hash) {}

  PracticeLedgerTree() {
    append(Hash.of(new byte[Hash.LENGTH]));
  }

  /// A copy of the first leaves.
  PracticeLedgerTree(PracticeLedgerTree other, long size) {
    for (int level = 0; level < other.levels.size(); level++) {
      List<Hash> nodes = other.levels.get(level);
      levels.add(new ArrayList<>(nodes.subList(0, (int) Math.min(nodes.size(), size >> level))));
    }
  }

  long size() {
    return levels.getFirst().size();
  }

  void append(Hash leaf) {
    Hash node = leaf;
    for (int level = 0; ; level++) {
      if (level == levels.size()) {
        levels.add(new ArrayList<>());
      }
      List<Hash> nodes = levels.get(level);
      nodes.add(node);
      if (nodes.size() % 2 == 1) {
        return;
      }
      node = node(nodes.get(nodes.size() - 2), node);
    }
  }

  /// The root over the first leaves, at least one.
  Hash root(long size) {
    return over(0, size);
  }

  /// The siblings of a leaf in the tree of the first `size`, the leaf's own first.
  List<Step> path(long index, long size) {
    List<Step> steps = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long half = from + Long.highestOneBit(to - from - 1);
      if (index < half) {
        steps.addFirst(new Step(false, over(half, to)));
        to = half;
      } else {
        steps.addFirst(new Step(true, over(from, half)));
        from = half;
      }
    }
    return List.copyOf(steps);
  }

  private Hash over(long from, long to) {
    long count = to - from;
    if (Long.bitCount(count) == 1) {
      int level = Long.numberOfTrailingZeros(count);
      return levels.get(level).get((int) (from >> level));
    }
    long half = from + Long.highestOneBit(count - 1);
    return node(over(from, half), over(half, to));
  }

  static Hash node(Hash left, Hash right) {
    byte[] pair = new byte[2 * Hash.LENGTH];
    left.copyTo(pair, 0);
    right.copyTo(pair, Hash.LENGTH);
    return Hash.ofData(pair);
  }
}
