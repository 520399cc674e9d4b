package dev.sigwarden.cose;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hash algorithms of COSE. RFC 9054 section 2.1.
public enum HashAlgorithm {
  SHA256(-16, "SHA-256", 32),
  SHA384(-43, "SHA-384", 48),
  SHA512(-44, "SHA-512", 64);

  private final long number;
  private final String jdk;
  private final int length;

  HashAlgorithm(long number, String jdk, int length) {
    this.number = number;
    this.jdk = jdk;
    this.length = length;
  }

  static HashAlgorithm of(long number) throws MalformedCoseException {
    for (HashAlgorithm one : values()) {
      if (one.number == number) {
        return one;
      }
    }
    throw new MalformedCoseException(
        "hash algorithm: %d (expected: -16, -43 or -44, SHA-2)".formatted(number));
  }

  /// The length of a hash in bytes.
  public int length() {
    return length;
  }

  byte[] hash(Cbor.Bytes bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance(jdk);
      bytes.addTo(digest);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-2", e);
    }
  }
}
