package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import java.util.ArrayDeque;
import java.util.Deque;

/// The tree of a CCF ledger as far as its root needs it: the roots of its perfect subtrees.
/// `PracticeLedgerTree` is the whole. Not thread-safe.
final class PracticeFrontier {
  /// Subtrees, the smallest first.
  private final Deque<Hash> subtrees = new ArrayDeque<>();

  private long size;

  PracticeFrontier() {
    append(Hash.of(new byte[Hash.LENGTH]));
  }

  void append(Hash leaf) {
    Hash node = leaf;
    for (long merged = size; (merged & 1) == 1; merged >>= 1) {
      node = PracticeLedgerTree.node(subtrees.removeFirst(), node);
    }
    subtrees.addFirst(node);
    size++;
  }

  Hash root() {
    return subtrees.stream()
        .reduce((right, left) -> PracticeLedgerTree.node(left, right))
        .orElseThrow();
  }
}
