package dev.sigwarden.cose;

/// Whether a statement is its issuer's.
public sealed interface SignerVerdict {
  /// It is: the signature holds, and the key is the issuer's.
  ///
  /// @param by what makes it so, in words
  record Verified(String by) implements SignerVerdict {}

  /// The signature holds by a key that came with the statement, and nothing checked here ties that
  /// key to the issuer that it names.
  ///
  /// @param why what was not checked
  record Claimed(String why) implements SignerVerdict {}

  /// There is no key to check the signature with.
  ///
  /// @param why which one is missing
  record Unproven(String why) implements SignerVerdict {}

  /// It is not: the signature does not hold, or the key is not the issuer's.
  ///
  /// @param why what does not hold; bounded and printable
  record Refused(String why) implements SignerVerdict {}
}
