package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The proof that a CCF ledger continues an older state of its own, kept up while the ledger grows:
/// of the older tree its perfect subtrees, of what came behind the siblings on the way to the root.
/// At most some 190 hashes. Not thread-safe.
public final class GrowingConsistency {
  private final Hash anchor;

  /// Subtrees of the older tree that join from the left, the next one first.
  private final Deque<Hash> left = new ArrayDeque<>();

  /// The siblings that do not change any more, in the order of the path.
  private final List<PathStep> fixed = new ArrayList<>();

  /// Perfect subtrees of the sibling at the right that is not full yet, the last one first.
  private final Deque<Hash> right = new ArrayDeque<>();

  /// Leaves in `right`.
  private long rightLeaves;

  /// Where the path stands: node `index` of this level, whose sibling is `right`.
  private int level;

  private long index;

  /// The proof from the tree as it is now.
  ///
  /// @param subtrees the roots of its perfect subtrees, the last and smallest one first; of a tree
  ///   of `size` leaves as many as `size` has bits
  /// @param size leaves, `>= 1`
  public GrowingConsistency(List<Hash> subtrees, long size) {
    if (size < 1 || subtrees.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "subtrees: %d of %d leaves (expected: one for each bit)"
              .formatted(subtrees.size(), size));
    }
    anchor = subtrees.getFirst();
    left.addAll(subtrees.subList(1, subtrees.size()));
    level = Long.numberOfTrailingZeros(size);
    index = (size >>> level) - 1;
  }

  /// Adds one leaf at the right.
  public void append(Hash leaf) {
    Hash node = leaf;
    for (int carries = Long.numberOfTrailingZeros(~rightLeaves); carries > 0; carries--) {
      node = CcfTree.node(right.pop(), node);
    }
    right.push(node);
    rightLeaves++;
    if (rightLeaves == 1L << level) {
      fixed.add(new PathStep(false, right.pop()));
      rightLeaves = 0;
      up();
      while ((index & 1) == 1) {
        fixed.add(new PathStep(true, left.pop()));
        up();
      }
    }
  }

  private void up() {
    level++;
    index >>>= 1;
  }

  /// The proof that the tree as it is now continues the older one. It holds as soon as one leaf was
  /// added.
  public CcfConsistency proof() {
    List<PathStep> path = new ArrayList<>(fixed);
    Hash sibling = null;
    for (Hash subtree : right) {
      sibling = sibling == null ? subtree : CcfTree.node(subtree, sibling);
    }
    if (sibling != null) {
      path.add(new PathStep(false, sibling));
    }
    left.forEach(hash -> path.add(new PathStep(true, hash)));
    return new CcfConsistency(anchor, path);
  }
}
