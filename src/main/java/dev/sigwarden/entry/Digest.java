package dev.sigwarden.entry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// A digest value with its algorithm. Compared by value.
public final class Digest {
  /// Hash algorithms that entries and allowlists use.
  public enum Algorithm {
    SHA256("sha256", 32),
    SHA384("sha384", 48),
    SHA512("sha512", 64);

    private final String label;
    private final int length;

    Algorithm(String label, int length) {
      this.label = label;
      this.length = length;
    }

    /// The name used in text: `sha256`.
    public String label() {
      return label;
    }

    /// The length of a value in bytes.
    public int length() {
      return length;
    }
  }

  private final Algorithm algorithm;
  private final byte[] value;

  private Digest(Algorithm algorithm, byte[] value) {
    this.algorithm = algorithm;
    this.value = value;
  }

  /// A digest of these bytes, copied.
  ///
  /// @throws IllegalArgumentException if the length is not the algorithm's
  public static Digest of(Algorithm algorithm, byte[] value) {
    if (value.length != algorithm.length) {
      throw new IllegalArgumentException(
          "%s digest: %d bytes (expected: %d)"
              .formatted(algorithm.label, value.length, algorithm.length));
    }
    return new Digest(algorithm, value.clone());
  }

  /// SHA-256 of the `length` bytes at `offset` of `bytes`.
  public static Digest sha256(byte[] bytes, int offset, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes, offset, length);
      return new Digest(Algorithm.SHA256, sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /// The algorithm.
  public Algorithm algorithm() {
    return algorithm;
  }

  /// A copy of the value.
  public byte[] toBytes() {
    return value.clone();
  }

  /// Lowercase hex of the value.
  public String toHex() {
    return HexFormat.of().formatHex(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that
        && algorithm == that.algorithm
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    // The value is uniformly distributed: its first four bytes are as good a hash as any.
    return (value[0] << 24) | (value[1] & 0xff) << 16 | (value[2] & 0xff) << 8 | (value[3] & 0xff);
  }

  /// `sha256:` and lowercase hex.
  @Override
  public String toString() {
    return algorithm.label + ":" + toHex();
  }
}
