package dev.sigwarden.merkle;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/// The hashes of consecutive leaves, side by side in one array: 32 bytes a leaf, and an object only
/// for a hash that is asked for. Filled by its maker, each place by one thread, then only read.
public final class LeafHashes extends AbstractList<Hash> implements RandomAccess {
  private final int count;
  private final byte[] bytes;

  /// Room for the hashes of `count` leaves, `[0, 2^26)`.
  public LeafHashes(int count) {
    this.count = count;
    this.bytes = new byte[Math.multiplyExact(count, Hash.LENGTH)];
  }

  /// Puts the hash of the leaf in `[offset, offset + length)` of `buffer` at place `i`.
  public void hash(int i, TreeHasher hasher, byte[] buffer, int offset, int length) {
    Objects.checkIndex(i, count);
    hasher.leaf(buffer, offset, length, bytes, i * Hash.LENGTH);
  }

  /// Adds those at `[from, to)` to `range`, in order.
  public void appendTo(CompactRange range, int from, int to) {
    Objects.checkFromToIndex(from, to, count);
    for (int i = from; i < to; i++) {
      range.append(bytes, i * Hash.LENGTH);
    }
  }

  @Override
  public Hash get(int i) {
    Objects.checkIndex(i, count);
    return Hash.of(bytes, i * Hash.LENGTH);
  }

  @Override
  public int size() {
    return count;
  }
}
