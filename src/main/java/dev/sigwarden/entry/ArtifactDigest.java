package dev.sigwarden.entry;

/// A digest of what was signed, and what it is a digest of.
///
/// @param digest the value
/// @param role what was hashed: `artifact`, `payload`, `envelope` or `entry`
public record ArtifactDigest(Digest digest, Role role) {
  /// What a digest was computed over.
  public enum Role {
    /// The artifact itself, or for a DSSE envelope logged as `hashedrekord` its pre-authentication
    /// encoding.
    ARTIFACT,
    /// The payload inside an envelope.
    PAYLOAD,
    /// The whole envelope.
    ENVELOPE,
    /// The entry's own bytes, for entries that name no artifact.
    ENTRY
  }
}
