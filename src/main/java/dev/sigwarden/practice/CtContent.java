package dev.sigwarden.practice;

import java.util.Optional;

/// What a Certificate Transparency log has to serve, in the forms of both protocols. Thread-safe.
interface CtContent {
  /// Its hashes and heads.
  PracticeCtTree tree();

  /// The MerkleTreeLeaf at `index`; not to be written to.
  byte[] leaf(long index);

  /// The extra_data at `index` in base64; not to be written to. RFC 6962 section 4.6.
  byte[] extraData(long index);

  /// A data tile, all leaves of which are there. c2sp.org/static-ct-api#log-entries.
  byte[] data(TileResource tile);

  /// The certificate with that SHA-256, in lower hexadecimal; empty if no entry has it above it.
  Optional<byte[]> issuer(String fingerprint);
}
