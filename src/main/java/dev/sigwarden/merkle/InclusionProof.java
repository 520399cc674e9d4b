package dev.sigwarden.merkle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A proof that a leaf is in a tree. RFC 9162 section 2.1.3.
///
/// @param path node hashes, the leaf's sibling first
public record InclusionProof(List<Hash> path) {
  /// The most hashes that a proof in a tree of 63-bit size can have; what is longer needs not be
  /// read to be refused.
  public static final int MAX_HASHES = 63;

  public InclusionProof {
    path = List.copyOf(path);
  }

  /// Whether this proves that `leaf` is the leaf hash at `index` in the tree of `head`: false for
  /// anything that does not, whatever its shape. RFC 9162 section 2.1.3.2.
  public boolean holds(long index, Hash leaf, TreeHead head) {
    return climb(index, leaf, head, new ArrayList<>());
  }

  /// The compact range over the leaves up to and with this one, proven with the same hashes that
  /// prove the leaf: with it, reading can start behind any leaf. Empty if the proof does not hold.
  ///
  /// Each hash of the path that joins from the left is the root of a perfect subtree of those
  /// leaves, the smallest first; as many of them as the range's size has zeros at its end join into
  /// the one perfect subtree that the leaf ends.
  public Optional<CompactRange> range(long index, Hash leaf, TreeHead head) {
    List<Hash> left = new ArrayList<>();
    if (!climb(index, leaf, head, left)) {
      return Optional.empty();
    }
    long size = index + 1;
    int joined = Long.numberOfTrailingZeros(size);
    List<Hash> subtrees = new ArrayList<>(left.subList(joined, left.size()).reversed());
    subtrees.add(lastSubtree(leaf, left.subList(0, joined)));
    return Optional.of(CompactRange.of(size, subtrees));
  }

  /// The proof that the tree which this leaf ends, of `index + 1` leaves, is a prefix of the larger
  /// one that the path leads into, made of the same hashes: for logs that prove leaves of a tree
  /// and not each size before it. Empty if the path is too short to be one; nothing else is
  /// checked, so what it gives is to be held against both trees like any proof. RFC 9162 section
  /// 2.1.4.1.
  public Optional<ConsistencyProof> consistency(long index, Hash leaf) {
    long size = index + 1;
    int joined = Long.numberOfTrailingZeros(size);
    if (path.size() < joined) {
      return Optional.empty();
    }
    List<Hash> hashes = new ArrayList<>();
    if (Long.bitCount(size) > 1) {
      hashes.add(lastSubtree(leaf, path.subList(0, joined)));
    }
    hashes.addAll(path.subList(joined, path.size()));
    return Optional.of(new ConsistencyProof(hashes));
  }

  /// The root of the perfect subtree that the leaf ends, all of whose other parts join from the
  /// left.
  private static Hash lastSubtree(Hash leaf, List<Hash> siblings) {
    Hash last = leaf;
    for (Hash sibling : siblings) {
      last = Hash.ofChildren(sibling, last);
    }
    return last;
  }

  /// The root that the path leads to from `leaf` at `index` in a tree of `size` leaves, for proofs
  /// that come with a signature over the root and without the root; empty if no path in such a tree
  /// has this length.
  public Optional<Hash> root(long index, Hash leaf, long size) {
    return climb(index, leaf, size, new ArrayList<>());
  }

  private boolean climb(long index, Hash leaf, TreeHead head, List<Hash> left) {
    return climb(index, leaf, head.size(), left).filter(head.root()::equals).isPresent();
  }

  /// RFC 9162 section 2.1.3.2 up to the comparison; adds to `left` the hashes that join from the
  /// left, in order.
  private Optional<Hash> climb(long index, Hash leaf, long size, List<Hash> left) {
    // 1. The index is in the tree.
    if (index < 0 || index >= size || path.size() > MAX_HASHES) {
      return Optional.empty();
    }
    // 2. and 3.
    long fn = index;
    long sn = size - 1;
    Hash r = leaf;
    // 4.
    TreeHasher hasher = new TreeHasher();
    for (Hash p : path) {
      // 4a.
      if (sn == 0) {
        return Optional.empty();
      }
      if ((fn & 1) == 1 || fn == sn) {
        // 4b. A left sibling; past the levels on which the node has none.
        r = hasher.node(p, r);
        left.add(p);
        int skipped = Long.numberOfTrailingZeros(fn); // fn is not 0: odd, or equal to sn
        fn >>>= skipped;
        sn >>>= skipped;
      } else {
        // 4b, otherwise. A right sibling.
        r = hasher.node(r, p);
      }
      // 4c.
      fn >>>= 1;
      sn >>>= 1;
    }
    // 5.
    return sn == 0 ? Optional.of(r) : Optional.empty();
  }
}
