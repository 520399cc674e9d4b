package dev.sigwarden.entry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Who made a signed statement (RFC 9943), with what the statement says of itself. All of it is
/// what the statement claims: whether the issuer's name stands for the key is checked elsewhere.
///
/// @param issuer whose statement it says it is, a DID or URI; empty if it does not say
/// @param issuerParts what the issuer's DID names: of a `did:x509` the authority, and each policy;
///   of a `did:attestedsvc` the service
/// @param feed what it says it is about, its CWT subject; empty if it does not say
/// @param svn the security version of what is signed
/// @param issuedAt when it says it was issued
/// @param contentType of what is signed; empty if it does not say
/// @param location where what is signed is to be had, as it says; empty if it does not
/// @param algorithm what it is signed by, `ES384` for example
/// @param certificate the signer's, if it brings one
/// @param keyUsages the extended key usages in that certificate, dotted OIDs
/// @param keySha256 as in `Signer`; of a statement that brings no key, the SHA-256 of what it calls
///   its key
/// @param oddities what is odd about it, sanitised and bounded
public record StatementSigner(
    String issuer,
    List<String> issuerParts,
    String feed,
    OptionalLong svn,
    Optional<Instant> issuedAt,
    String contentType,
    String location,
    String algorithm,
    Optional<CertificateSigner> certificate,
    List<String> keyUsages,
    Digest keySha256,
    List<String> oddities)
    implements Signer {
  public StatementSigner {
    issuerParts = List.copyOf(issuerParts);
    keyUsages = List.copyOf(keyUsages);
    oddities = List.copyOf(oddities);
  }

  /// What selectors ask of a statement.
  public enum Claim {
    /// A part of the issuer's DID.
    DID("did"),
    /// What the statement is about.
    FEED("feed"),
    /// An extended key usage of the certificate.
    EKU("eku");

    private final String label;

    Claim(String label) {
      this.label = label;
    }

    /// The name used in configuration and output.
    public String label() {
      return label;
    }
  }

  /// The values of a claim; none if the statement does not make it.
  public List<String> values(Claim claim) {
    return switch (claim) {
      case DID -> issuerParts;
      case FEED -> feed.isEmpty() ? List.of() : List.of(feed);
      case EKU -> keyUsages;
    };
  }
}
