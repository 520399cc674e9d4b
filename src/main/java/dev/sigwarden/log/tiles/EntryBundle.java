package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.http.Gzip;
import java.io.IOException;

/// The entries of one bundle, as views into its bytes: for each entry a big-endian 16-bit length
/// and that many bytes. c2sp.org/tlog-tiles#log-entries.
final class EntryBundle {
  /// Bytes of the length before each entry.
  private static final int LENGTH_BYTES = 2;

  /// The longest entry that a length can announce, in bytes.
  private static final int MAX_ENTRY_BYTES = 0xffff;

  private final byte[] bytes;
  private final int[] offsets;

  private EntryBundle(byte[] bytes, int[] offsets) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /// The longest bundle of `count` entries, in bytes.
  static int maxBytes(int count) {
    return count * (LENGTH_BYTES + MAX_ENTRY_BYTES);
  }

  /// Reads a bundle of exactly `count` entries with nothing before, between or behind them.
  ///
  /// A log may store its bundles as gzip, and a server that knows nothing of it then serves them
  /// without saying so. Bytes that are no bundle as they stand, but begin as gzip does, are
  /// therefore inflated first. A plain bundle that happens to begin so is still read as it stands.
  ///
  /// @param maxBytes the longest bundle that is inflated, in bytes
  static EntryBundle parse(String resource, byte[] bytes, int count, int maxBytes)
      throws BadAnswerException {
    try {
      return read(resource, bytes, count);
    } catch (BadAnswerException plain) {
      if (!Gzip.looksLike(bytes)) {
        throw plain;
      }
    }
    byte[] inflated;
    try {
      inflated = Gzip.inflate(bytes, Math.min(maxBytes, maxBytes(count)));
    } catch (IOException e) {
      throw new BadAnswerException(
          resource, "gzip bundle: " + e.getMessage() + " (expected: " + count + " entries)");
    }
    return read(resource, inflated, count);
  }

  private static EntryBundle read(String resource, byte[] bytes, int count)
      throws BadAnswerException {
    int[] offsets = new int[count + 1];
    int at = 0;
    for (int i = 0; i < count; i++) {
      offsets[i] = at;
      if (bytes.length - at < LENGTH_BYTES) {
        throw new BadAnswerException(
            resource,
            "bundle of %d bytes ends after %d entries (expected: %d)"
                .formatted(bytes.length, i, count));
      }
      int length = ((bytes[at] & 0xff) << Byte.SIZE) | (bytes[at + 1] & 0xff);
      at += LENGTH_BYTES;
      if (bytes.length - at < length) {
        throw new BadAnswerException(
            resource,
            "entry %d of %d: cut after %d bytes (expected: %d)"
                .formatted(i, count, bytes.length - at, length));
      }
      at += length;
    }
    if (at < bytes.length) {
      throw new BadAnswerException(
          resource,
          "%d bytes after the last of %d entries (expected: none)"
              .formatted(bytes.length - at, count));
    }
    offsets[count] = at;
    return new EntryBundle(bytes, offsets);
  }

  /// Entries in the bundle.
  int count() {
    return offsets.length - 1;
  }

  /// Bytes that the bundle holds in memory.
  int byteCount() {
    return bytes.length;
  }

  /// Adds the entries number `[from, to)` of this bundle to `leaves`.
  void addTo(Leaves.Builder leaves, int from, int to) {
    for (int i = from; i < to; i++) {
      int start = offsets[i] + LENGTH_BYTES;
      leaves.add(bytes, start, offsets[i + 1] - start);
    }
  }
}
