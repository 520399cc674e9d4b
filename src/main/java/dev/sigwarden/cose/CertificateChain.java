package dev.sigwarden.cose;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The certificates of an `x5chain` (RFC 9360 section 2), the signer's first, each vouched for by
/// the next. Which of them is to be trusted is not its matter, and neither is the time.
final class CertificateChain {
  /// Signature algorithms of certificates that are believed: ECDSA, RSA PKCS #1 and PSS with SHA-2,
  /// Ed25519.
  private static final Set<String> ALGORITHMS =
      Set.of(
          "1.2.840.10045.4.3.2",
          "1.2.840.10045.4.3.3",
          "1.2.840.10045.4.3.4",
          "1.2.840.113549.1.1.10",
          "1.2.840.113549.1.1.11",
          "1.2.840.113549.1.1.12",
          "1.2.840.113549.1.1.13",
          "1.3.101.112");

  private final List<X509Certificate> certificates;
  private final CoseKey leafKey;

  private CertificateChain(List<X509Certificate> certificates, CoseKey leafKey) {
    this.certificates = certificates;
    this.leafKey = leafKey;
  }

  /// Reads the certificates and checks each link: the name of the issuer, its right to be one, and
  /// its signature.
  static CertificateChain of(List<Cbor.Bytes> encoded) throws MalformedCoseException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Cbor.Bytes one : encoded) {
      certificates.add(certificate(one.toBytes(), certificates.size()));
    }
    CoseKey leafKey = CoseKey.of(certificates.getFirst().getPublicKey());
    for (int i = 0; i + 1 < certificates.size(); i++) {
      link(certificates.get(i), certificates.get(i + 1), i);
    }
    return new CertificateChain(List.copyOf(certificates), leafKey);
  }

  private static X509Certificate certificate(byte[] der, int place) throws MalformedCoseException {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate read
          && Arrays.equals(read.getEncoded(), der)) {
        return read;
      }
    } catch (CertificateException | ProviderException e) {
      throw new MalformedCoseException(
          "x5chain: certificate %d of %d bytes cannot be read".formatted(place, der.length), e);
    }
    throw new MalformedCoseException("x5chain: certificate %d is not DER alone".formatted(place));
  }

  private static void link(X509Certificate subject, X509Certificate issuer, int place)
      throws MalformedCoseException {
    String where = "x5chain: certificate %d ".formatted(place);
    if (!subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      throw new MalformedCoseException(where + "names another issuer than the next");
    }
    if (issuer.getBasicConstraints() < 0) {
      throw new MalformedCoseException(where + "is issued by one that is no authority");
    }
    if (!ALGORITHMS.contains(subject.getSigAlgOID())) {
      throw new MalformedCoseException(
          where + "is signed by the algorithm " + Shown.text(subject.getSigAlgOID()));
    }
    CoseKey.of(issuer.getPublicKey());
    try {
      subject.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException | ProviderException e) {
      throw new MalformedCoseException(where + "is not signed by the next", e);
    }
  }

  X509Certificate leaf() {
    return certificates.getFirst();
  }

  /// The signer's key.
  CoseKey leafKey() {
    return leafKey;
  }

  /// The certificates above the signer's.
  List<X509Certificate> authorities() {
    return certificates.subList(1, certificates.size());
  }

  /// The certificate that was not valid at `time`, in words; empty if all were.
  Optional<String> outdated(Instant time) {
    for (int i = 0; i < certificates.size(); i++) {
      Instant from = certificates.get(i).getNotBefore().toInstant();
      Instant to = certificates.get(i).getNotAfter().toInstant();
      if (time.isBefore(from) || time.isAfter(to)) {
        return Optional.of(
            "certificate %d was valid from %s to %s, not at %s".formatted(i, from, to, time));
      }
    }
    return Optional.empty();
  }
}
