package dev.sigwarden.merkle;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/// A SHA-256 value, 32 bytes. A class and not a record: a record would compare the array by
/// reference and hand it out to be changed.
public final class Hash implements Comparable<Hash> {
  /// The length of a hash in bytes.
  public static final int LENGTH = 32;

  private static final Hash EMPTY_ROOT = ofData(new byte[0]);

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A copy of 32 bytes as a hash.
  ///
  /// @throws IllegalArgumentException if there are not exactly 32 bytes
  public static Hash of(byte[] bytes) {
    return owning(bytes.clone());
  }

  /// The 32 bytes at `offset` of `bytes`, copied.
  ///
  /// @throws IndexOutOfBoundsException if there are fewer than 32
  public static Hash of(byte[] bytes, int offset) {
    Objects.checkFromIndexSize(offset, LENGTH, bytes.length);
    return new Hash(Arrays.copyOfRange(bytes, offset, offset + LENGTH));
  }

  /// The hash written in lowercase or uppercase hex, 64 digits.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static Hash ofHex(String hex) {
    if (hex.length() != 2 * LENGTH) {
      throw new IllegalArgumentException("hash: " + hex.length() + " hex digits (expected: 64)");
    }
    return owning(HexFormat.of().parseHex(hex));
  }

  /// The hash written in standard base64 with padding, 44 characters, canonical.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static Hash ofBase64(String base64) {
    if (base64.length() != 44) {
      throw new IllegalArgumentException(
          "hash: " + base64.length() + " base64 characters (expected: 44)");
    }
    Hash hash = owning(Base64.getDecoder().decode(base64));
    if (!hash.toBase64().equals(base64)) {
      throw new IllegalArgumentException("hash: base64 is not canonical");
    }
    return hash;
  }

  /// The hash of a leaf: SHA-256(0x00 || data). RFC 9162 section 2.1.1.
  public static Hash ofLeaf(byte[] data) {
    return ofLeaf(data, 0, data.length);
  }

  /// The hash of the leaf in `[offset, offset + length)` of `buffer`.
  public static Hash ofLeaf(byte[] buffer, int offset, int length) {
    byte[] hash = new byte[LENGTH];
    new TreeHasher().leaf(buffer, offset, length, hash, 0);
    return new Hash(hash);
  }

  /// The hash of an interior node: SHA-256(0x01 || left || right). RFC 9162 section 2.1.1.
  public static Hash ofChildren(Hash left, Hash right) {
    return new TreeHasher().node(left, right);
  }

  /// SHA-256(data): no domain separation.
  public static Hash ofData(byte[] data) {
    return new Hash(TreeHasher.newDigest().digest(data));
  }

  /// The root of the tree without leaves: SHA-256 of nothing. RFC 9162 section 2.1.1.
  public static Hash emptyRoot() {
    return EMPTY_ROOT;
  }

  /// A hash around this array, which the caller gives up.
  static Hash owning(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("hash: " + bytes.length + " bytes (expected: 32)");
    }
    return new Hash(bytes);
  }

  /// The array itself, to be read only.
  byte[] bytes() {
    return bytes;
  }

  /// A copy of the 32 bytes.
  public byte[] toBytes() {
    return bytes.clone();
  }

  /// Writes the 32 bytes to `target` at `offset`.
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, LENGTH);
  }

  /// Lowercase hex, 64 digits.
  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  /// Standard base64 with padding, 44 characters.
  public String toBase64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// Orders by the bytes, unsigned, first byte first.
  @Override
  public int compareTo(Hash other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Lowercase hex, as `toHex`.
  @Override
  public String toString() {
    return toHex();
  }
}
