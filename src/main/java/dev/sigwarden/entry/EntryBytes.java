package dev.sigwarden.entry;

import java.util.Arrays;

/// The bytes of one entry, a view into a larger buffer that nobody writes to.
public final class EntryBytes {
  private final byte[] buffer;
  private final int offset;
  private final int length;

  /// The `length` bytes at `offset` of `buffer`, not copied.
  public EntryBytes(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  /// All of `bytes`, not copied.
  public static EntryBytes of(byte[] bytes) {
    return new EntryBytes(bytes, 0, bytes.length);
  }

  /// The buffer that the entry lies in.
  public byte[] buffer() {
    return buffer;
  }

  /// Where the entry starts, in bytes.
  public int offset() {
    return offset;
  }

  /// The entry's length in bytes.
  public int length() {
    return length;
  }

  /// A copy of the entry's bytes.
  public byte[] toBytes() {
    return Arrays.copyOfRange(buffer, offset, offset + length);
  }
}
