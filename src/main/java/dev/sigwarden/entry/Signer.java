package dev.sigwarden.entry;

import java.util.List;

/// Who made a signature.
public sealed interface Signer permits CertificateSigner, KeySigner, PgpSigner, StatementSigner {
  /// SHA-256 of the public key's SubjectPublicKeyInfo in DER, whatever form the entry has it in; of
  /// the key's own bytes for kinds of key that have no such form. Of several keys, the first one's.
  Digest keySha256();

  /// What the key is called in its own ecosystem; several names for a signer with several keys.
  default List<KeyId> keyIds() {
    return List.of();
  }
}
