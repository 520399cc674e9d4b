package dev.sigwarden.access;

/// What a call of the API needs to be allowed to do.
public enum Permission {
  /// Learn who it is.
  CALL,
  /// See everything that is no secret.
  READ,
  /// Work on findings, silences and deliveries.
  RESPOND,
  /// Add to the allowlists that the caller's token names.
  ALLOW,
  /// Make and revoke tokens, take entries off allowlists, add to any of them.
  ADMINISTER
}
