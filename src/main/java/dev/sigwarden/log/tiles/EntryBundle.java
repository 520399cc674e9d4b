package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.http.Gzip;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The leaves of one bundle, as views into its bytes. In a bundle of
/// c2sp.org/tlog-tiles#log-entries each has a big-endian 16-bit length before it.
public final class EntryBundle {
  /// Bytes of the length before each entry.
  private static final int LENGTH_BYTES = 2;

  /// The longest entry that a length can announce, in bytes.
  private static final int MAX_ENTRY_BYTES = 0xffff;

  private final byte[] bytes;
  private final int[] starts;
  private final int[] lengths;
  private final int count;
  private final long @Nullable [] loggedMillis;
  private final Optional<IntFunction<byte[]>> beside;
  private final Optional<BadAnswerException> torn;

  /// Leaf number `i` of `[0, count)` is the `lengths[i]` bytes at `starts[i]` of `bytes`. Takes
  /// over the arrays.
  ///
  /// @param loggedMillis when the log says that it took each leaf; null if it does not
  /// @param beside what stands beside leaf number `i`, if anything does
  /// @param torn what is wrong with the leaf after the last, where the bundle ought to have more
  public EntryBundle(
      byte[] bytes,
      int[] starts,
      int[] lengths,
      int count,
      long @Nullable [] loggedMillis,
      Optional<IntFunction<byte[]>> beside,
      Optional<BadAnswerException> torn) {
    this.bytes = bytes;
    this.starts = starts;
    this.lengths = lengths;
    this.count = count;
    this.loggedMillis = loggedMillis;
    this.beside = beside;
    this.torn = torn;
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
    int[] starts = new int[count];
    int[] lengths = new int[count];
    int at = 0;
    for (int i = 0; i < count; i++) {
      if (bytes.length - at < LENGTH_BYTES) {
        throw new BadAnswerException(
            resource,
            "bundle of %d bytes ends after %d entries (expected: %d)"
                .formatted(bytes.length, i, count));
      }
      int length = ((bytes[at] & 0xff) << Byte.SIZE) | (bytes[at + 1] & 0xff);
      at += LENGTH_BYTES;
      starts[i] = at;
      lengths[i] = length;
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
    return new EntryBundle(bytes, starts, lengths, count, null, Optional.empty(), Optional.empty());
  }

  /// Leaves in the bundle that can be read.
  public int count() {
    return count;
  }

  /// What is wrong with the leaf after those; empty if there ought to be none.
  Optional<BadAnswerException> torn() {
    return torn;
  }

  /// Bytes that the bundle holds in memory.
  int byteCount() {
    return bytes.length;
  }

  /// Adds the leaves number `[from, to)` of this bundle to `leaves`, as far as they can be read.
  public void addTo(Leaves.Builder leaves, int from, int to) {
    long first = leaves.next() - from;
    beside.ifPresent(each -> leaves.besides(first, each));
    for (int i = from; i < Math.min(to, count); i++) {
      leaves.add(bytes, starts[i], lengths[i]);
      if (loggedMillis != null) {
        leaves.loggedAt(Instant.ofEpochMilli(loggedMillis[i]));
      }
    }
  }
}
