package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import java.util.Arrays;

/// A set of digests of one algorithm: one array, 1.25 times the digests' own bytes, no objects.
/// Filled by its maker, then only read.
///
/// Open addressing with linear probing; the first four bytes of a digest say where it belongs,
/// which is as good as any hash function on hashes. A slot of zero bytes is free.
final class DigestTable {
  /// Bytes of array above which a table is refused: the longest array that every JVM has.
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  private final int width;
  private final int slots;
  private final byte[] table;

  /// Whether the digest of zero bytes, which looks like a free slot, is in the set.
  private boolean zero;

  /// An empty table with room for `capacity` digests.
  ///
  /// @throws IllegalArgumentException if it would not fit into an array
  DigestTable(Digest.Algorithm algorithm, int capacity) {
    width = algorithm.length();
    long wanted = capacity + capacity / 4L + 1;
    if (capacity < 0 || wanted * width > MAX_BYTES) {
      throw new IllegalArgumentException("capacity: %d digests".formatted(capacity));
    }
    slots = (int) wanted;
    table = new byte[slots * width];
  }

  /// Puts a digest, the first bytes of `digest`, into the set. The caller never adds more of them
  /// than the capacity.
  void add(byte[] digest) {
    int slot = find(digest);
    if (slot < 0) {
      zero = true;
    } else {
      System.arraycopy(digest, 0, table, slot * width, width);
    }
  }

  /// Bytes of the table.
  long bytes() {
    return table.length;
  }

  /// Whether the digest is in the set.
  boolean contains(byte[] digest) {
    int slot = find(digest);
    return slot < 0 ? zero : !isFree(slot);
  }

  /// The slot of a digest: where it is, or the free one where it would be. -1 for the digest of
  /// zero bytes.
  private int find(byte[] digest) {
    if (isZero(digest, 0)) {
      return -1;
    }
    long start =
        ((digest[0] & 0xffL) << 24)
            | ((digest[1] & 0xff) << 16)
            | ((digest[2] & 0xff) << 8)
            | (digest[3] & 0xff);
    int slot = (int) ((start * slots) >>> 32);
    while (!isFree(slot)
        && !Arrays.equals(table, slot * width, (slot + 1) * width, digest, 0, width)) {
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    return slot;
  }

  private boolean isFree(int slot) {
    return isZero(table, slot * width);
  }

  private boolean isZero(byte[] bytes, int offset) {
    for (int i = offset; i < offset + width; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
