package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// The Merkle tree of a CCF ledger: of the shape of RFC 9162 section 2.1, its nodes SHA-256(left ||
/// right) without a prefix. Leaf 0 is 32 zero bytes, leaf N that of transaction N. So the sides
/// that a path takes are known from the position alone.
final class CcfTree {
  /// The most steps of a path in a tree of 63-bit size.
  static final int MAX_PATH = 64;

  private CcfTree() {}

  /// Which side each sibling is on, from node `index` of `[0, nodes)` on some level up to the root;
  /// true is left. The walk of RFC 9162 section 2.1.3.2.
  static List<Boolean> sides(long index, long nodes) {
    List<Boolean> sides = new ArrayList<>();
    long fn = index;
    long sn = nodes - 1;
    while (sn > 0) {
      boolean left = (fn & 1) == 1 || fn == sn;
      sides.add(left);
      if (left) {
        int skipped = Long.numberOfTrailingZeros(fn); // fn is not 0: odd, or equal to sn
        fn >>>= skipped;
        sn >>>= skipped;
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sides;
  }

  /// SHA-256(left || right).
  static Hash node(Hash left, Hash right) {
    byte[] pair = new byte[2 * Hash.LENGTH];
    left.copyTo(pair, 0);
    right.copyTo(pair, Hash.LENGTH);
    return Hash.ofData(pair);
  }

  /// Writes SHA-256 of the 64 bytes at `offset` of `pair` to `target` at `targetOffset`.
  static void node(MessageDigest sha256, byte[] pair, int offset, byte[] target, int targetOffset) {
    sha256.update(pair, offset, 2 * Hash.LENGTH);
    try {
      sha256.digest(target, targetOffset, Hash.LENGTH);
    } catch (DigestException e) {
      throw new IllegalArgumentException("room for a hash at " + targetOffset, e);
    }
  }
}
