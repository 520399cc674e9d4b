package dev.sigwarden.cose;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Checks whose a statement is. Asks nobody. Thread-safe.
///
/// Of a `did:x509` issuer the chain in the statement has to be the one that the issuer's name
/// stands for. When certificates were valid is no part of the verdict, as it is none of the
/// services': `outdated` reports it.
public final class SignerCheck {
  /// At most so many known keys are tried on a statement that names none of them.
  private static final int MAX_KNOWN = 16;

  private final List<CoseKey> known;
  private final KnownChains chains = new KnownChains();

  /// A check that knows these keys of issuers, for statements without certificates.
  public SignerCheck(List<CoseKey> known) {
    if (known.size() > MAX_KNOWN) {
      throw new IllegalArgumentException(
          "keys: %d (expected: at most %d)".formatted(known.size(), MAX_KNOWN));
    }
    this.known = List.copyOf(known);
  }

  /// Whose the statement is.
  public SignerVerdict check(SignedStatement statement) {
    try {
      if (!statement.thumbprintFits()) {
        return new SignerVerdict.Refused("x5t is not the hash of the certificate");
      }
      if (!statement.chain().isEmpty()) {
        return certified(statement, chains.of(statement.chain()));
      }
      if (statement.attested().isPresent()) {
        return attested(statement, statement.attested().get());
      }
      return byKnownKey(statement);
    } catch (MalformedCoseException e) {
      return new SignerVerdict.Refused(e.getMessage());
    }
  }

  private SignerVerdict certified(SignedStatement statement, CertificateChain chain)
      throws MalformedCoseException {
    if (!holds(statement, chain.leafKey())) {
      return new SignerVerdict.Refused("the signature is not that of the certificate's key");
    }
    String issuer = statement.claims().issuer();
    if (DidX509.isOne(issuer)) {
      DidX509 did = DidX509.parse(issuer);
      Optional<String> mismatch = did.mismatch(chain);
      return mismatch.isPresent()
          ? new SignerVerdict.Refused(mismatch.get())
          : new SignerVerdict.Verified("the issuer's did:x509 stands for the certificate");
    }
    if (known.contains(chain.leafKey())) {
      return new SignerVerdict.Verified("the certificate's key is a known one");
    }
    return new SignerVerdict.Claimed(
        AttestedKey.isOne(issuer)
            ? "attested service (attestation not verified)"
            : "the issuer's name says nothing of the certificate");
  }

  private SignerVerdict attested(SignedStatement statement, AttestedKey attested)
      throws MalformedCoseException {
    Optional<Cbor.Bytes> kid = statement.message().protectedHeaders().bytes(SignedStatement.KID);
    if (kid.isPresent() && !kid.get().isEqualTo(attested.key().thumbprint().toBytes())) {
      return new SignerVerdict.Refused("kid is not the thumbprint of the attested key");
    }
    if (!holds(statement, attested.key())) {
      return new SignerVerdict.Refused("the signature is not that of the attested key");
    }
    return known.contains(attested.key())
        ? new SignerVerdict.Verified("the attested key is a known one")
        : new SignerVerdict.Claimed("attested service (attestation not verified)");
  }

  private SignerVerdict byKnownKey(SignedStatement statement) {
    if (DidX509.isOne(statement.claims().issuer())) {
      return new SignerVerdict.Refused("a did:x509 issuer without certificates");
    }
    if (known.isEmpty()) {
      return new SignerVerdict.Unproven("no certificate in the statement, and no key given");
    }
    return known.stream().anyMatch(key -> holds(statement, key))
        ? new SignerVerdict.Verified("a known key")
        : new SignerVerdict.Refused("the signature is that of no key given");
  }

  private static boolean holds(SignedStatement statement, CoseKey key) {
    CoseSign1 message = statement.message();
    return message.payload().isPresent()
        && key.signed(
            statement.algorithm(),
            message.toBeSigned(message.payload().get()),
            message.signature().toBytes());
  }

  /// The certificate of the statement that was not valid at `time`, in words; empty if all were, if
  /// there are none, and if they cannot be read.
  public static Optional<String> outdated(SignedStatement statement, Instant time) {
    try {
      return statement.chain().isEmpty()
          ? Optional.empty()
          : CertificateChain.of(statement.chain()).outdated(time);
    } catch (MalformedCoseException _) {
      return Optional.empty();
    }
  }
}
