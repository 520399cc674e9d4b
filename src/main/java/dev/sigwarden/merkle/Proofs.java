package dev.sigwarden.merkle;

import java.util.ArrayList;
import java.util.List;

/// Proofs computed from stored nodes. RFC 9162 sections 2.1.3.1 and 2.1.4.1. At most 63 x 63 nodes
/// are asked for, in no promised order; all lie inside the tree.
public final class Proofs {
  private Proofs() {}

  /// The inclusion proof of leaf `index` in the tree of `size` leaves.
  ///
  /// @throws IllegalArgumentException if `index` is not in `[0, size)`
  public static <E extends Exception> InclusionProof inclusion(
      long index, long size, NodeSource<E> nodes) throws E {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("index: %d (expected: [0, %d))".formatted(index, size));
    }
    // PATH(m, D_n): from the root down, the half without the leaf.
    List<Hash> path = new ArrayList<>();
    long begin = 0;
    long end = size;
    while (end - begin > 1) {
      long k = split(end - begin);
      if (index < begin + k) {
        path.add(root(begin + k, end, nodes));
        end = begin + k;
      } else {
        path.add(root(begin, begin + k, nodes));
        begin += k;
      }
    }
    return new InclusionProof(path.reversed());
  }

  /// The consistency proof from the tree of `older` leaves to the tree of `newer` leaves: empty if
  /// `older` is 0 or both are equal.
  ///
  /// @throws IllegalArgumentException unless `0 <= older <= newer`
  public static <E extends Exception> ConsistencyProof consistency(
      long older, long newer, NodeSource<E> nodes) throws E {
    if (older < 0 || older > newer) {
      throw new IllegalArgumentException("older: %d (expected: [0, %d])".formatted(older, newer));
    }
    if (older == 0) {
      return new ConsistencyProof(List.of());
    }
    // SUBPROOF(m, D_n, b): from the root down to the last subtree that ends where the older tree
    // ends.
    List<Hash> path = new ArrayList<>();
    long begin = 0;
    long end = newer;
    while (older != end) {
      long k = split(end - begin);
      if (older <= begin + k) {
        path.add(root(begin + k, end, nodes));
        end = begin + k;
      } else {
        path.add(root(begin, begin + k, nodes));
        begin += k;
      }
    }
    // b is true while no left half was left behind: then that subtree is the older tree itself,
    // whose
    // root the verifier has.
    if (begin > 0) {
      path.add(root(begin, end, nodes));
    }
    return new ConsistencyProof(path.reversed());
  }

  /// The compact range over the first `size` leaves.
  ///
  /// @throws IllegalArgumentException if `size` is negative
  public static <E extends Exception> CompactRange range(long size, NodeSource<E> nodes) throws E {
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
    }
    return CompactRange.of(size, perfect(0, size, nodes));
  }

  /// The largest power of two smaller than `n`, for `n > 1`.
  private static long split(long n) {
    return Long.highestOneBit(n - 1);
  }

  /// MTH(D[begin:end]), where `begin` is a multiple of a power of two not smaller than `end -
  /// begin`.
  private static <E extends Exception> Hash root(long begin, long end, NodeSource<E> nodes)
      throws E {
    return CompactRange.of(end - begin, perfect(begin, end, nodes)).root();
  }

  /// The roots of the perfect subtrees that `[begin, end)` falls into, largest first.
  private static <E extends Exception> List<Hash> perfect(long begin, long end, NodeSource<E> nodes)
      throws E {
    List<Hash> hashes = new ArrayList<>();
    long at = begin;
    while (at < end) {
      int level = 63 - Long.numberOfLeadingZeros(end - at);
      hashes.add(nodes.node(level, at >>> level));
      at += 1L << level;
    }
    return hashes;
  }
}
