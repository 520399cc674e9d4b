package dev.sigwarden.ledger;

import dev.sigwarden.cose.GrowingConsistency;
import dev.sigwarden.merkle.Hash;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The Merkle tree of a CCF ledger while it grows: of the shape of RFC 9162, its nodes SHA-256(left
/// || right) without a prefix, leaf 0 of 32 zero bytes, leaf N that of transaction N. Keeps the
/// roots of the perfect subtrees, at most 63. Not thread-safe.
final class LedgerTree {
  /// The smallest (rightmost) subtree first.
  private final Deque<Hash> subtrees = new ArrayDeque<>();

  private long size;

  LedgerTree() {
    append(Hash.of(new byte[Hash.LENGTH]));
  }

  /// Adds one leaf at the right.
  void append(Hash leaf) {
    Hash node = leaf;
    for (int carries = Long.numberOfTrailingZeros(~size); carries > 0; carries--) {
      node = node(subtrees.pop(), node);
    }
    subtrees.push(node);
    size++;
  }

  /// Leaves: the place of the next transaction.
  long size() {
    return size;
  }

  /// The proof from this tree to those that it grows into.
  GrowingConsistency consistency() {
    return new GrowingConsistency(List.copyOf(subtrees), size);
  }

  /// The root over all leaves.
  Hash root() {
    Hash root = null;
    for (Hash subtree : subtrees) {
      root = root == null ? subtree : node(subtree, root);
    }
    return java.util.Objects.requireNonNull(root, "there is always leaf 0");
  }

  private static Hash node(Hash left, Hash right) {
    byte[] pair = new byte[2 * Hash.LENGTH];
    left.copyTo(pair, 0);
    right.copyTo(pair, Hash.LENGTH);
    return Hash.ofData(pair);
  }
}
