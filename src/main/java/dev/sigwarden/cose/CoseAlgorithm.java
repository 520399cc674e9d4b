package dev.sigwarden.cose;

import java.util.Optional;

/// Signature algorithms. RFC 9053 section 2, RFC 8812 section 2.
public enum CoseAlgorithm {
  ES256(-7, "EC", "SHA-256"),
  ES384(-35, "EC", "SHA-384"),
  ES512(-36, "EC", "SHA-512"),
  PS256(-37, "RSA", "SHA-256"),
  PS384(-38, "RSA", "SHA-384"),
  PS512(-39, "RSA", "SHA-512"),
  EDDSA(-8, "EdDSA", "");

  private final long number;
  private final String family;
  private final String hash;

  CoseAlgorithm(long number, String family, String hash) {
    this.number = number;
    this.family = family;
    this.hash = hash;
  }

  /// The algorithm of that number; empty if it is none of these.
  static Optional<CoseAlgorithm> of(long number) {
    for (CoseAlgorithm one : values()) {
      if (one.number == number) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /// The number in headers.
  public long number() {
    return number;
  }

  /// The JDK's name of the keys that it goes with.
  String family() {
    return family;
  }

  /// The JDK's name of the hash; empty for EdDSA, which has its own.
  String hash() {
    return hash;
  }
}
