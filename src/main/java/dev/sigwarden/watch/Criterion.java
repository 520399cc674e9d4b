package dev.sigwarden.watch;

import dev.sigwarden.entry.x509.FulcioExtension;

/// One thing that a selector asks of an event.
///
/// @param trait which value is asked
/// @param parameter the extension's dotted OID, the JSON pointer, the scheme of the key id or the
///   claim's name; empty for other traits
/// @param pattern what the value has to look like; a value that is absent never matches
record Criterion(Trait trait, String parameter, ValuePattern pattern) {
  /// Whether it asks who vouched for the name, as a criterion of its own or by the extension.
  boolean asksIssuer() {
    return trait == Trait.ISSUER
        || parameter.equals(FulcioExtension.ISSUER_V1.oid())
        || parameter.equals(FulcioExtension.ISSUER_V2.oid());
  }

  /// Values of an event that selectors can ask for.
  enum Trait {
    /// Any name in the certificate's SubjectAltName.
    SUBJECT,
    /// The OIDC issuer in the certificate.
    ISSUER,
    /// A Fulcio extension of the certificate.
    EXTENSION,
    /// The subject's distinguished name in the certificate.
    SUBJECT_DN,
    /// A host that the certificate is good for.
    DNS,
    /// An IP address that it is good for.
    IP,
    /// A mailbox that it names.
    EMAIL,
    /// A URI that it names.
    URI,
    /// Any user id of an OpenPGP key, checked or not.
    USER_ID,
    /// What any of the signer's keys is called in its own ecosystem.
    KEY_ID,
    /// A claim of a signed statement: a part of its issuer's DID, what it is about, a key usage.
    CLAIM,
    /// The scalar at a JSON pointer of the entry.
    POINTER,
    /// The whole entry as text.
    TEXT;

    boolean ofSigner() {
      return ofCertificate() || this == USER_ID || this == KEY_ID || this == CLAIM;
    }

    /// Whether it is a name in one of the forms of `NameForms`.
    boolean isName() {
      return this == DNS || this == IP || this == EMAIL || this == URI;
    }

    boolean ofCertificate() {
      return switch (this) {
        case SUBJECT, ISSUER, EXTENSION, SUBJECT_DN, DNS, IP, EMAIL, URI -> true;
        case USER_ID, KEY_ID, CLAIM, POINTER, TEXT -> false;
      };
    }
  }
}
