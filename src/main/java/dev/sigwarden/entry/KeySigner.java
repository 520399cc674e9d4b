package dev.sigwarden.entry;

import java.util.List;

/// A signer known only by a public key.
///
/// @param keySha256 SHA-256 of the key's SubjectPublicKeyInfo in DER
/// @param keyType the kind of key in words, `PKIX_ECDSA_P256_SHA_256` or `EC P-256` for example;
///   text from the entry
/// @param keyIds what the key is called in its own ecosystem; empty for a bare key
public record KeySigner(Digest keySha256, String keyType, List<KeyId> keyIds) implements Signer {
  public KeySigner {
    keyIds = List.copyOf(keyIds);
  }

  /// A bare key.
  public KeySigner(Digest keySha256, String keyType) {
    this(keySha256, keyType, List.of());
  }
}
