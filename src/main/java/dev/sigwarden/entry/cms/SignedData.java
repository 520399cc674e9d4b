package dev.sigwarden.entry.cms;

import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.OCTET_STRING;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;
import static dev.sigwarden.entry.der.DerReader.SET;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A signed message as CMS frames it: what was signed, and whose certificates say that they signed
/// it. RFC 5652 section 5.1; PKCS #7 is its older form. No signature is checked.
///
/// Every SignerInfo must name a certificate that the message holds: one that is missing would be a
/// signer that nobody sees. Where several certificates fit a name, all of them are signers.
public final class SignedData {
  /// The most certificates in one message; chains have 4 or fewer.
  static final int MAX_CERTIFICATES = 64;

  /// The most SignerInfos in one message; one is usual.
  static final int MAX_SIGNERS = 16;

  private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
  private static final int EXPLICIT_0 = 0xa0;
  private static final int CERTIFICATES = 0xa0;
  private static final int REVOCATION_LISTS = 0xa1;
  private static final int SUBJECT_KEY_ID = 0x80;

  private final byte[] der;
  private final List<Embedded> embedded = new ArrayList<>();
  private final List<CertificateSigner> signers = new ArrayList<>(1);
  private String contentType = "";
  private byte[] content = {};

  private SignedData(byte[] der) {
    this.der = der;
  }

  /// The message that the ContentInfo `der` holds.
  ///
  /// @throws MalformedSignerException if it is no SignedData in DER, or names a signer of which it
  ///   does not hold the certificate
  public static SignedData read(byte[] der) throws MalformedSignerException {
    try {
      SignedData message = new SignedData(der);
      message.contentInfo();
      return message;
    } catch (MalformedDerException e) {
      throw new MalformedSignerException(
          "CMS message of %d bytes: ".formatted(der.length) + e.getMessage());
    }
  }

  /// The dotted OID of the kind of content.
  public String contentType() {
    return contentType;
  }

  /// The content, copied; empty if it is not in the message.
  public byte[] content() {
    return content.clone();
  }

  /// The certificates that a SignerInfo names, in the message's order; at least one.
  public List<CertificateSigner> signers() {
    return List.copyOf(signers);
  }

  /// Whether the message holds this certificate as one that did not sign, such as the authority's.
  public boolean isBystander(CertificateSigner certificate) {
    return !signs(certificate)
        && embedded.stream()
            .map(Embedded::certificate)
            .anyMatch(one -> one.certificateSha256().equals(certificate.certificateSha256()));
  }

  /// Whether this certificate is one of the signers.
  public boolean signs(CertificateSigner certificate) {
    return signers.stream()
        .anyMatch(signer -> signer.certificateSha256().equals(certificate.certificateSha256()));
  }

  /// ContentInfo ::= SEQUENCE { contentType, content [0] EXPLICIT ANY }
  private void contentInfo() throws MalformedDerException, MalformedSignerException {
    DerReader outer = new DerReader(der, 0, der.length).expect(SEQUENCE, "ContentInfo");
    DerReader info = outer.inside().expect(OBJECT_IDENTIFIER, "contentType");
    String type = Oids.dotted(der, info.from(), info.to());
    if (!type.equals(SIGNED_DATA)) {
      throw new MalformedSignerException(
          "CMS message of type %s (expected: %s, signed data)".formatted(type, SIGNED_DATA));
    }
    info.expect(EXPLICIT_0, "content");
    DerReader content = info.inside().expect(SEQUENCE, "SignedData");
    if (outer.left() + info.left() + content.left() > 0) {
      throw new MalformedSignerException("CMS message: bytes follow the signed data");
    }
    signedData(content.inside());
  }

  /// SignedData ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo, certificates [0]
  /// OPTIONAL, crls [1] OPTIONAL, signerInfos SET }
  private void signedData(DerReader at) throws MalformedDerException, MalformedSignerException {
    at.expect(INTEGER, "version").expect(SET, "digestAlgorithms");
    encapsulated(at.expect(SEQUENCE, "encapContentInfo").inside());
    if (!at.next()) {
      throw new MalformedSignerException("CMS message: no signerInfos");
    }
    if (at.tag() == CERTIFICATES) {
      certificates(at.inside());
      at.next();
    }
    if (at.tag() == REVOCATION_LISTS) {
      at.next();
    }
    if (at.tag() != SET || at.left() > 0) {
      throw new MalformedSignerException("CMS message: signerInfos are not its end");
    }
    DerReader infos = at.inside();
    for (int count = 0; infos.next(); count++) {
      if (count == MAX_SIGNERS) {
        throw new MalformedSignerException(
            "CMS message: more than %d signers".formatted(MAX_SIGNERS));
      }
      signerInfo(infos);
    }
    if (signers.isEmpty()) {
      throw new MalformedSignerException("CMS message: no signer");
    }
  }

  /// EncapsulatedContentInfo ::= SEQUENCE { eContentType, eContent [0] EXPLICIT OCTET STRING
  /// OPTIONAL }
  private void encapsulated(DerReader at) throws MalformedDerException {
    at.expect(OBJECT_IDENTIFIER, "eContentType");
    contentType = Oids.dotted(der, at.from(), at.to());
    if (at.next()) {
      DerReader octets = at.inside().expect(OCTET_STRING, "eContent");
      content = Arrays.copyOfRange(der, octets.from(), octets.to());
    }
  }

  /// CertificateSet ::= SET OF CHOICE { Certificate, … }: the others are no X.509 certificates.
  private void certificates(DerReader at) throws MalformedDerException, MalformedSignerException {
    while (at.next()) {
      if (at.tag() != SEQUENCE) {
        continue;
      }
      if (embedded.size() == MAX_CERTIFICATES) {
        throw new MalformedSignerException(
            "CMS message: more than %d certificates".formatted(MAX_CERTIFICATES));
      }
      embedded.add(Embedded.read(Arrays.copyOfRange(der, at.start(), at.to())));
    }
  }

  /// SignerInfo ::= SEQUENCE { version, sid CHOICE { IssuerAndSerialNumber, [0] KeyIdentifier }, …
  /// }
  private void signerInfo(DerReader at) throws MalformedDerException, MalformedSignerException {
    if (at.tag() != SEQUENCE) {
      throw new MalformedSignerException("CMS message: a SignerInfo that is no SEQUENCE");
    }
    DerReader info = at.inside().expect(INTEGER, "version");
    if (!info.next()) {
      throw new MalformedSignerException("CMS message: a SignerInfo without signer");
    }
    List<CertificateSigner> named = new ArrayList<>(1);
    switch (info.tag()) {
      case SEQUENCE -> {
        DerReader name = info.inside().expect(SEQUENCE, "issuer");
        DerReader serial = new DerReader(der, name.to(), info.to()).expect(INTEGER, "serialNumber");
        for (Embedded one : embedded) {
          if (one.hasIssuerAndSerial(der, name, serial)) {
            named.add(one.certificate);
          }
        }
      }
      case SUBJECT_KEY_ID -> {
        for (Embedded one : embedded) {
          if (one.hasKeyId(der, info.from(), info.to())) {
            named.add(one.certificate);
          }
        }
      }
      default ->
          throw new MalformedSignerException(
              "CMS message: a signer named by tag 0x%02x".formatted(info.tag()));
    }
    if (named.isEmpty()) {
      throw new MalformedSignerException(
          "CMS message: the certificate of a signer is not among the %d in it"
              .formatted(embedded.size()));
    }
    for (CertificateSigner certificate : named) {
      if (!signs(certificate)) {
        signers.add(certificate);
      }
    }
  }

  /// A certificate of the message, with what SignerInfos call it by.
  private record Embedded(CertificateSigner certificate, Names names) {
    static Embedded read(byte[] certificate)
        throws MalformedDerException, MalformedSignerException {
      return new Embedded(Certificates.read(certificate), Names.of(certificate));
    }

    boolean hasIssuerAndSerial(byte[] bytes, DerReader issuer, DerReader serial) {
      return names.issuerIs(bytes, issuer.start(), issuer.to())
          && names.serialIs(bytes, serial.from(), serial.to());
    }

    boolean hasKeyId(byte[] bytes, int from, int to) {
      return names.keyIdIs(bytes, from, to);
    }
  }
}
