package dev.sigwarden.entry;

/// The public key of a certificate authority: what proves that it issued a certificate, unlike its
/// name, which anybody can write. Compared by value.
public final class IssuerKey {
  private final byte[] spki;
  private final Digest sha256;

  /// The key in this SubjectPublicKeyInfo, DER; copied.
  public IssuerKey(byte[] spki) {
    this.spki = spki.clone();
    this.sha256 = Digest.sha256(spki, 0, spki.length);
  }

  /// A copy of the SubjectPublicKeyInfo in DER.
  public byte[] toSpki() {
    return spki.clone();
  }

  /// SHA-256 of the SubjectPublicKeyInfo: what a precertificate's leaf names its issuer by.
  public Digest sha256() {
    return sha256;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IssuerKey that && sha256.equals(that.sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  /// `ca ` and the hash.
  @Override
  public String toString() {
    return "ca " + sha256;
  }
}
