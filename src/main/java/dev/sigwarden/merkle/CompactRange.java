package dev.sigwarden.merkle;

import java.util.ArrayList;
import java.util.List;

/// The compact range of a tree's first leaves (its frontier): the roots of the perfect subtrees
/// that the leaves fall into, largest (leftmost) first. Their number is the number of one bits in
/// the size, at most 63. Mutable and not thread-safe; `copy` before sharing.
///
/// Appending costs one hash for the leaf and one on average for nodes, and allocates nothing.
public final class CompactRange {
  /// Subtree roots that a range of 63-bit size can hold while one more leaf is added.
  private static final int MAX_HASHES = Long.SIZE;

  private final TreeHasher hasher = new TreeHasher();

  /// The subtree roots side by side, so that the last two are a node's input as they lie.
  private final byte[] stack;

  private long size;

  private CompactRange(long size, byte[] stack) {
    this.size = size;
    this.stack = stack;
  }

  /// The range over no leaves.
  public static CompactRange empty() {
    return new CompactRange(0, new byte[MAX_HASHES * Hash.LENGTH]);
  }

  /// The range over `size` leaves with these subtree roots, largest subtree first.
  ///
  /// @throws IllegalArgumentException if `size` is negative or the count of hashes is not the count
  ///   of one bits in it
  public static CompactRange of(long size, List<Hash> hashes) {
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
    }
    if (hashes.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "hashes of a range over %d leaves: %d (expected: %d)"
              .formatted(size, hashes.size(), Long.bitCount(size)));
    }
    CompactRange range = empty();
    range.size = size;
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(range.stack, i * Hash.LENGTH);
    }
    return range;
  }

  /// Adds one leaf hash at the right.
  public void append(Hash leaf) {
    leaf.copyTo(stack, top());
    fold();
  }

  /// Adds the leaf hash in `[offset, offset + 32)` of `hashes` at the right.
  public void append(byte[] hashes, int offset) {
    System.arraycopy(hashes, offset, stack, top(), Hash.LENGTH);
    fold();
  }

  /// Hashes `[offset, offset + length)` of `buffer` as a leaf and adds it at the right.
  public void appendLeaf(byte[] buffer, int offset, int length) {
    hasher.leaf(buffer, offset, length, stack, top());
    fold();
  }

  /// Where the next hash goes, in bytes.
  private int top() {
    return Long.bitCount(size) * Hash.LENGTH;
  }

  /// Adds the leaves of a range that was begun where this one ends, by its subtree roots: what
  /// appending its leaves one by one would give.
  ///
  /// @throws IllegalArgumentException unless this size is a multiple of a power of two that is not
  ///   smaller than `right`'s, so that `right`'s subtrees are those of the whole
  public void append(CompactRange right) {
    if (right.size == 0) {
      return;
    }
    int height = Long.SIZE - Long.numberOfLeadingZeros(right.size - 1);
    if (Long.numberOfTrailingZeros(size) < height) {
      throw new IllegalArgumentException(
          "size: %d before a range of %d (expected: a multiple of 2^%d)"
              .formatted(size, right.size, height));
    }
    long left = right.size;
    for (int at = 0; left > 0; at += Hash.LENGTH) {
      int level = Long.SIZE - 1 - Long.numberOfLeadingZeros(left);
      System.arraycopy(right.stack, at, stack, top(), Hash.LENGTH);
      fold(level);
      left -= 1L << level;
    }
  }

  private void fold() {
    fold(0);
  }

  /// Joins the new root on top, of `2^level` leaves, with each subtree of its own size, as adding
  /// carries in binary.
  private void fold(int level) {
    if (size > Long.MAX_VALUE - (1L << level)) {
      throw new IllegalStateException("size: 2^63 (expected: below)");
    }
    int last = top();
    for (int carries = Long.numberOfTrailingZeros(~(size >>> level)); carries > 0; carries--) {
      last -= Hash.LENGTH;
      hasher.node(stack, last, stack, last);
    }
    size += 1L << level;
  }

  /// Leaves covered.
  public long size() {
    return size;
  }

  /// The root over all leaves appended.
  public Hash root() {
    int last = Long.bitCount(size) - 1;
    if (last < 0) {
      return Hash.emptyRoot();
    }
    byte[] pair = new byte[2 * Hash.LENGTH];
    System.arraycopy(stack, last * Hash.LENGTH, pair, Hash.LENGTH, Hash.LENGTH);
    for (int i = last - 1; i >= 0; i--) {
      System.arraycopy(stack, i * Hash.LENGTH, pair, 0, Hash.LENGTH);
      hasher.node(pair, 0, pair, Hash.LENGTH);
    }
    return Hash.of(pair, Hash.LENGTH);
  }

  /// Size and root.
  public TreeHead head() {
    return new TreeHead(size(), root());
  }

  /// The subtree roots, largest subtree first.
  public List<Hash> hashes() {
    List<Hash> hashes = new ArrayList<>();
    for (int at = 0; at < top(); at += Hash.LENGTH) {
      hashes.add(Hash.of(stack, at));
    }
    return List.copyOf(hashes);
  }

  /// An independent copy.
  public CompactRange copy() {
    return new CompactRange(size, stack.clone());
  }
}
