package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.IssuerKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an allowlist says of certificates that were meant to be issued, beyond single ones: keys
/// bound to names, and authorities. Immutable once filled.
final class CertificateRules {
  /// No rules.
  static final CertificateRules NONE = new CertificateRules();

  /// Rules in one file: a few hundred bytes each.
  static final int MAX_RULES = 100_000;

  /// Authorities in one file: the signature of a certificate is tried with each of them.
  static final int MAX_AUTHORITIES = 200;

  private final Map<Digest, List<CertificateRule.Key>> keys = new HashMap<>();
  private final Map<Digest, IssuerKey> authorities = new LinkedHashMap<>();
  private int count;

  /// Adds a rule; returns false if there are too many.
  boolean add(CertificateRule rule) {
    switch (rule) {
      case CertificateRule.Key key ->
          keys.computeIfAbsent(key.spkiSha256(), _ -> new ArrayList<>(1)).add(key);
      case CertificateRule.Authority(IssuerKey key) -> authorities.put(key.sha256(), key);
    }
    return ++count <= MAX_RULES && authorities.size() <= MAX_AUTHORITIES;
  }

  /// Which rule covers the certificate, in words; empty if none does.
  Optional<String> covers(IssuedCertificate certificate) {
    for (CertificateRule.Key key : keys.getOrDefault(certificate.keySha256(), List.of())) {
      if (key.covers(certificate)) {
        return Optional.of(
            "key %s with all of the certificate's names".formatted(key.spkiSha256()));
      }
    }
    return authority(certificate).map(key -> "authority %s".formatted(key.sha256()));
  }

  private Optional<IssuerKey> authority(IssuedCertificate certificate) {
    Optional<Digest> named = certificate.issuerKeySha256();
    return named.isPresent()
        ? Optional.ofNullable(authorities.get(named.get()))
        : authorities.values().stream().filter(certificate::isIssuedBy).findFirst();
  }
}
