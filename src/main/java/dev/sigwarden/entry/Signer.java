package dev.sigwarden.entry;

/// Who made a signature.
public sealed interface Signer permits CertificateSigner, KeySigner {
  /// SHA-256 of the public key's SubjectPublicKeyInfo in DER.
  Digest keySha256();
}
