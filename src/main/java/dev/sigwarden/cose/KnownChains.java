package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Chains that were checked lately: an issuer signs one statement after the other with the same
/// certificates, and each link costs as much as the statement itself. Nothing of a check depends on
/// the time. Thread-safe.
final class KnownChains {
  /// Chains that are remembered: far more than a ledger has issuers.
  private static final int MAX_CHAINS = 64;

  /// The longest chain that is remembered, in bytes; real ones have under 6 KiB.
  private static final int MAX_BYTES = 16 * 1024;

  /// By the hash of their certificates. Guarded by itself.
  private final Map<Hash, CertificateChain> chains =
      new LinkedHashMap<>(MAX_CHAINS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, CertificateChain> eldest) {
          return size() > MAX_CHAINS;
        }
      };

  /// As `CertificateChain.of`.
  CertificateChain of(List<Cbor.Bytes> encoded) throws MalformedCoseException {
    if (encoded.stream().mapToLong(Cbor.Bytes::length).sum() > MAX_BYTES) {
      return CertificateChain.of(encoded);
    }
    Hash hash = hash(encoded);
    synchronized (chains) {
      CertificateChain known = chains.get(hash);
      if (known != null) {
        return known;
      }
    }
    CertificateChain chain = CertificateChain.of(encoded);
    synchronized (chains) {
      chains.put(hash, chain);
    }
    return chain;
  }

  /// Each certificate with its length, so that no two chains have the same bytes.
  private static Hash hash(List<Cbor.Bytes> encoded) {
    MessageDigest sha256 = CoseSign1.sha256();
    for (Cbor.Bytes one : encoded) {
      sha256.update(CborWriter.encodedHead(2, one.length()));
      one.addTo(sha256);
    }
    return Hash.of(sha256.digest());
  }
}
