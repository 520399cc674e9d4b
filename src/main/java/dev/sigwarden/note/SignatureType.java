package dev.sigwarden.note;

import java.util.Optional;

/// The kinds of note signature that are verified. c2sp.org/signed-note#signature-types.
public enum SignatureType {
  /// Ed25519 over the note text; the key is 32 raw bytes.
  ED25519(0x01),

  /// ECDSA with SHA-256 over the note text, as Rekor v1 and Pixel sign; the key is a
  /// SubjectPublicKeyInfo in DER.
  ECDSA(0x02),

  /// A witness's cosignature/v1: Ed25519 over a time and the note text; the key is 32 raw bytes.
  /// c2sp.org/tlog-cosignature.
  COSIGNATURE(0x04),

  /// A Certificate Transparency tree head signature (RFC 6962 section 3.5), ECDSA or RSA; the key
  /// is a SubjectPublicKeyInfo in DER. c2sp.org/static-ct-api#checkpoints.
  RFC6962_TREE_HEAD(0x05),

  /// A cosignature with ML-DSA-44 over a time, the origin and the tree; the key is 1,312 raw bytes.
  /// c2sp.org/tlog-cosignature.
  ML_DSA_44_COSIGNATURE(0x06);

  private final int code;

  SignatureType(int code) {
    this.code = code;
  }

  /// The byte that stands for it in key ids and verifier keys.
  public int code() {
    return code;
  }

  static Optional<SignatureType> ofCode(int code) {
    for (SignatureType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
