package dev.sigwarden.watch;

/// One thing that a selector asks of an event.
///
/// @param trait which value is asked
/// @param parameter the extension's dotted OID or the JSON pointer; empty for other traits
/// @param pattern what the value has to look like; a value that is absent never matches
record Criterion(Trait trait, String parameter, ValuePattern pattern) {
  /// Values of an event that selectors can ask for.
  enum Trait {
    /// Any name in the certificate's SubjectAltName.
    SUBJECT,
    /// The OIDC issuer in the certificate.
    ISSUER,
    /// A Fulcio extension of the certificate.
    EXTENSION,
    /// The scalar at a JSON pointer of the entry.
    POINTER,
    /// The whole entry as text.
    TEXT;

    boolean ofSigner() {
      return this == SUBJECT || this == ISSUER || this == EXTENSION;
    }
  }
}
