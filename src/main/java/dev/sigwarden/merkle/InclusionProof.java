package dev.sigwarden.merkle;

import java.util.List;

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
    // 1. The index is in the tree.
    if (index < 0 || index >= head.size() || path.size() > MAX_HASHES) {
      return false;
    }
    // 2. and 3.
    long fn = index;
    long sn = head.size() - 1;
    Hash r = leaf;
    // 4.
    TreeHasher hasher = new TreeHasher();
    for (Hash p : path) {
      // 4a.
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        // 4b. A left sibling; past the levels on which the node has none.
        r = hasher.node(p, r);
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
    return sn == 0 && r.equals(head.root());
  }
}
