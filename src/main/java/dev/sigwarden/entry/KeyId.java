package dev.sigwarden.entry;

/// The name of a key in its own ecosystem.
///
/// @param scheme how the name is made
/// @param value the name in the scheme's one form; for `TUF` text from the entry
public record KeyId(Scheme scheme, String value) {
  /// Ways to name a key.
  public enum Scheme {
    /// The fingerprint of an OpenPGP key: 40 lowercase hex digits for version 4, 64 for versions 5
    /// and 6. RFC 9580 section 5.5.4.
    PGP("pgp-fingerprint"),
    /// The fingerprint of an SSH key as OpenSSH prints it: `SHA256:` and unpadded base64.
    SSH("ssh-fingerprint"),
    /// The number in a minisign or signify key, 16 uppercase hex digits as minisign prints it. Its
    /// maker chooses it freely.
    MINISIGN("minisign-key-id"),
    /// The key id under which TUF metadata names a key. Not computed from the key here.
    TUF("tuf-key-id");

    private final String label;

    Scheme(String label) {
      this.label = label;
    }

    /// The name used in configuration and output.
    public String label() {
      return label;
    }
  }
}
