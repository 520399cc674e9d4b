package dev.sigwarden.alert;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.trust.CertificateTrust;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Commands that look at an entry again: with Sigwarden, and without it.
///
/// @param config the configuration file, if it is not where commands look for it by themselves
record EntryChecks(Optional<Path> config) {
  /// Commands that check what was seen of an entry.
  ///
  /// @param signer who signed; null if the entry names nobody
  /// @param trust what the signer's certificate is worth
  List<String> check(
      WhereSeen where, SigningEvent event, @Nullable Signer signer, CertificateTrust trust) {
    Commands check = look(where);
    if (signer instanceof CertificateSigner certificate
        && !(signer instanceof IssuedCertificate)
        && trust instanceof CertificateTrust.Verified
        && !certificate.subjects().isEmpty()) {
      check.add(
          "cosign verify-blob FILE --bundle BUNDLE --certificate-identity %s"
              + " --certificate-oidc-issuer %s",
          certificate.subjects().getFirst().value(), certificate.issuer());
    }
    event.artifacts().stream()
        .map(ArtifactDigest::digest)
        .filter(digest -> digest.algorithm() == Digest.Algorithm.SHA256)
        .findFirst()
        .filter(_ -> where.protocol().equals("rekor"))
        .ifPresent(digest -> check.add("rekor-cli search --sha %s", digest.toString()));
    return check.list();
  }

  /// Commands to look at the entry with.
  Commands look(WhereSeen where) {
    String entry = where.log() + ":" + where.index();
    Commands look = new Commands();
    if (where.isInLedger()) {
      return look.statement(where.address());
    }
    if (config.isPresent()) {
      look.add("sigwarden explain --config %s %s", config.get().toString(), entry);
    } else {
      look.add("sigwarden explain %s", entry);
    }
    return look.fetch(where.address());
  }
}
