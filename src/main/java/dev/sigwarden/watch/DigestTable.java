package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;

/// A set of digests of one algorithm: one array, 1.25 times the digests' own bytes, no objects.
/// Filled by its maker, then only read.
///
/// Open addressing with linear probing. Where a digest belongs depends on all of it and on a secret
/// of this process: lines of a list are text that somebody chose, and a million of them that belong
/// in one place would take hours. A slot of zero bytes is free.
final class DigestTable {
  /// Bytes of array above which a table is refused: the longest array that every JVM has.
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// Odd, so that no bit of a word is lost; chosen anew by each process.
  private static final long SECRET = new SecureRandom().nextLong() | 1;

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

  /// Takes a digest out of the set, if it is in it.
  void remove(byte[] digest) {
    int hole = find(digest);
    if (hole < 0) {
      zero = false;
      return;
    }
    if (isFree(hole)) {
      return;
    }
    // Whatever was pushed behind the hole by what stood there moves up, so that a search that ends
    // at a free slot still finds it.
    for (int slot = next(hole); !isFree(slot); slot = next(slot)) {
      int home = home(table, slot * width);
      boolean between = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
      if (!between) {
        System.arraycopy(table, slot * width, table, hole * width, width);
        hole = slot;
      }
    }
    Arrays.fill(table, hole * width, (hole + 1) * width, (byte) 0);
  }

  /// Puts all digests of this set into another of the same algorithm, which has room for them.
  void copyTo(DigestTable other) {
    for (int slot = 0; slot < slots; slot++) {
      if (!isFree(slot)) {
        other.add(Arrays.copyOfRange(table, slot * width, (slot + 1) * width));
      }
    }
    other.zero |= zero;
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
    int slot = home(digest, 0);
    while (!isFree(slot)
        && !Arrays.equals(table, slot * width, (slot + 1) * width, digest, 0, width)) {
      slot = next(slot);
    }
    return slot;
  }

  /// The slot where the digest at `offset` belongs.
  private int home(byte[] bytes, int offset) {
    long mixed = SECRET;
    for (int i = offset; i < offset + width; i += Long.BYTES) {
      long word = (long) WORD.get(bytes, i) ^ mixed;
      mixed = (word * SECRET) ^ Math.unsignedMultiplyHigh(word, SECRET);
    }
    return (int) (((mixed >>> 32) * slots) >>> 32);
  }

  private int next(int slot) {
    return slot + 1 == slots ? 0 : slot + 1;
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
