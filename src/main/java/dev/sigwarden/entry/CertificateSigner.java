package dev.sigwarden.entry;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A signer known by a certificate, as the certificate says: nothing in it was checked against a
/// certificate authority. Everything but the subject names may be computed when first asked for.
///
/// Framing is strict and values are lenient: a certificate of which a part cannot be reached is no
/// signer at all (the entry is `Undecodable`), because a name could hide there; a part that can be
/// reached and is merely wrong is kept as it reads and named in `oddities`.
///
/// An interface, so that the reader of certificates can live apart from the words for them and a
/// test can bring a signer of its own.
public non-sealed interface CertificateSigner extends Signer {
  /// The names in the SubjectAltName extensions, in order; all of them, since the entry's own size
  /// bounds them.
  List<SubjectName> subjects();

  /// Every name that somebody may take the certificate for: `subjects`, and where the reader looks
  /// for them the common names and e-mail addresses in distinguished names.
  default List<SubjectName> allNames() {
    return subjects();
  }

  /// The OIDC issuer (OID 1.3.6.1.4.1.57264.1.8, else 1.1), empty if the certificate names none.
  String issuer();

  /// The Fulcio extension values (1.3.6.1.4.1.57264.1.x) by dotted OID, in the certificate's order.
  /// Values that are not text are rendered as `#` and lowercase hex.
  Map<String, String> extensions();

  /// The subject's distinguished name, RFC 2253 form; empty if the subject is empty.
  String subjectDn();

  /// The issuing authority's distinguished name, RFC 2253 form.
  String issuerDn();

  /// The serial number in lowercase hex, two digits a byte, with a leading `-` if negative.
  String serial();

  /// Start of the validity; `Instant.EPOCH` and an oddity if it cannot be read.
  Instant notBefore();

  /// End of the validity; `Instant.EPOCH` and an oddity if it cannot be read.
  Instant notAfter();

  /// Parts of the certificate that are wrong or contradict each other, in words, sanitised and
  /// bounded; empty for a well-formed certificate.
  List<String> oddities();

  /// SHA-256 of the certificate's DER.
  Digest certificateSha256();

  /// A copy of the certificate's DER.
  byte[] toDer();
}
