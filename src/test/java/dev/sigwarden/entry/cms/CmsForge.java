package dev.sigwarden.entry.cms;

import dev.sigwarden.entry.x509.CertificateForge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;

/// Makes CMS messages of any shape, element by element with Bouncy Castle. Signatures are
/// constants: nothing here checks them.
public final class CmsForge {
  private static final String DATA = "1.2.840.113549.1.7.1";
  private static final ASN1Encodable SHA256 =
      new DERSequence(
          new ASN1Encodable[] {
            new ASN1ObjectIdentifier("2.16.840.1.101.3.4.2.1"), DERNull.INSTANCE
          });

  private final List<ASN1Encodable> certificates = new ArrayList<>();
  private final List<ASN1Encodable> infos = new ArrayList<>();
  private ASN1Encodable content = new DERSequence(new ASN1ObjectIdentifier(DATA));

  /// A certificate with this issuer and serial number, for the subject with this DN.
  public static CertificateForge certificate(String subject, long serial) {
    return new CertificateForge()
        .issuer(new X500Name("CN=authority"))
        .subject(new X500Name(subject))
        .serial(new ASN1Integer(serial));
  }

  /// A message signed by the holder of `CN=signer` with its authority's certificate in front.
  public static CmsForge usual() {
    return new CmsForge()
        .holds(certificate("CN=authority", 1).der())
        .holds(certificate("CN=signer", 7).der())
        .signedBy("CN=authority", 7);
  }

  /// Content of this type.
  public CmsForge content(String type, byte[] bytes) {
    content =
        new DERSequence(
            new ASN1Encodable[] {
              new ASN1ObjectIdentifier(type),
              new DERTaggedObject(true, 0, new DEROctetString(bytes))
            });
    return this;
  }

  public CmsForge holds(byte[] certificate) {
    try {
      certificates.add(ASN1Primitive.fromByteArray(certificate));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Anything in the place of a certificate.
  public CmsForge holds(ASN1Encodable element) {
    certificates.add(element);
    return this;
  }

  public CmsForge signedBy(String issuer, long serial) {
    return signedBy(
        new DERSequence(new ASN1Encodable[] {new X500Name(issuer), new ASN1Integer(serial)}));
  }

  public CmsForge signedByKeyId(byte[] keyId) {
    return signedBy(new DERTaggedObject(false, 0, new DEROctetString(keyId)));
  }

  /// A SignerInfo with anything as its signer.
  public CmsForge signedBy(ASN1Encodable sid) {
    infos.add(
        new DERSequence(
            new ASN1Encodable[] {
              new ASN1Integer(1), sid, SHA256, SHA256, new DEROctetString(new byte[70])
            }));
    return this;
  }

  /// The message in DER.
  public byte[] der() {
    ASN1EncodableVector signed = new ASN1EncodableVector();
    signed.add(new ASN1Integer(1));
    signed.add(new DERSet(SHA256));
    signed.add(content);
    if (!certificates.isEmpty()) {
      // In the order given: a SET in strict DER would sort them.
      signed.add(
          new DERTaggedObject(
              false, 0, new DERSequence(certificates.toArray(ASN1Encodable[]::new))));
    }
    signed.add(new DERSet(infos.toArray(ASN1Encodable[]::new)));
    return CertificateForge.der(
        new DERSequence(
            new ASN1Encodable[] {
              new ASN1ObjectIdentifier("1.2.840.113549.1.7.2"),
              new DERTaggedObject(true, 0, new DERSequence(signed))
            }));
  }

  /// The message in PEM.
  public String pem() {
    return CertificateForge.pem("PKCS7", der());
  }
}
