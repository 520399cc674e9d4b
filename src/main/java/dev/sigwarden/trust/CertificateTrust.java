package dev.sigwarden.trust;

/// Whether a certificate is what it claims to be.
public sealed interface CertificateTrust {
  /// It chains to a trusted authority, and everything that has to hold did when it was issued.
  ///
  /// @param authority the authority's distinguished name, from the trusted root
  /// @param transparency the CT log whose embedded timestamp holds, from the trusted root; empty if
  ///   the trusted root names none
  record Verified(String authority, String transparency) implements CertificateTrust {}

  /// Anybody may have made it: names and extensions are words only.
  ///
  /// @param reason what failed, in our own words
  record UnverifiedClaim(String reason) implements CertificateTrust {}

  /// It was not checked.
  ///
  /// @param reason why not, in our own words
  record NotChecked(String reason) implements CertificateTrust {}
}
