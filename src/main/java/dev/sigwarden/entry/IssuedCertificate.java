package dev.sigwarden.entry;

import java.util.Optional;

/// A certificate as logs of certificates hold it: whole, or a precertificate of which there is only
/// the part to be signed (RFC 6962 section 3.2). Read leniently: a part that cannot be read hides
/// no other, and `unread` says that there is one.
///
/// `certificateSha256` and `toDer` of a precertificate are of its TBSCertificate.
public interface IssuedCertificate extends CertificateSigner {
  /// Whether it is a precertificate: a promise to issue the certificate, which may never be logged.
  boolean isPrecertificate();

  /// SHA-256 of the TBSCertificate without what certificate transparency put into it (the list of
  /// timestamps, the poison), cut from the original bytes. The same for a precertificate and its
  /// certificate, so entries that share it are one observation.
  Digest tbsSha256();

  /// SHA-256 of the issuing authority's SubjectPublicKeyInfo, as a precertificate's leaf holds it;
  /// empty for a whole certificate, which holds no such thing.
  Optional<Digest> issuerKeySha256();

  /// Whether that authority issued it: a precertificate's leaf names the key, and a certificate's
  /// signature is checked with it. Costs a public-key operation for the latter.
  boolean isIssuedBy(IssuerKey authority);

  /// Why a part could not be read in which a name may be; empty if all names were read.
  Optional<String> unread();
}
