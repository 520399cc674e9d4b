package dev.sigwarden.entry;

/// A signer known only by a public key.
///
/// @param keySha256 SHA-256 of the key's SubjectPublicKeyInfo in DER
/// @param keyType the kind of key in words, `PKIX_ECDSA_P256_SHA_256` or `EC P-256` for example;
///   text from the entry
public record KeySigner(Digest keySha256, String keyType) implements Signer {}
