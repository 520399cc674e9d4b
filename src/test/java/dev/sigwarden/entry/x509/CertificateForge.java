package dev.sigwarden.entry.x509;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.Time;

/// Makes certificates of any shape, well-formed or not, element by element with Bouncy Castle. The
/// key and signature are constants: nothing here checks signatures.
public final class CertificateForge {
  public static final String FULCIO = "1.3.6.1.4.1.57264.1.";
  public static final String SUBJECT_ALT_NAME = "2.5.29.17";

  /// A P-256 key's SubjectPublicKeyInfo.
  public static final byte[] KEY =
      Base64.getDecoder()
          .decode(
              "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP"
                  + "40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==");

  private static final ASN1Encodable ECDSA =
      new DERSequence(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2"));

  private final List<ASN1Encodable> extensions = new ArrayList<>();
  private ASN1Encodable serial = new ASN1Integer(new BigInteger("1234567890abcdef", 16));
  private X500Name issuer = new X500Name("O=sigstore.dev,CN=sigstore-intermediate");
  private X500Name subject = new X500Name("");
  private ASN1Encodable notBefore = time("2026-06-03T19:23:26Z");
  private ASN1Encodable notAfter = time("2026-06-03T19:33:26Z");
  private byte[] key = KEY;

  /// A certificate as Fulcio issues it to a GitHub workflow: one URI, both issuer forms, all CI
  /// claims.
  public static CertificateForge fulcio(String uri, String issuer) {
    CertificateForge forge =
        new CertificateForge()
            .names(new GeneralName(GeneralName.uniformResourceIdentifier, uri))
            .raw(FULCIO + 1, issuer.getBytes(StandardCharsets.UTF_8))
            .utf8(FULCIO + 8, issuer)
            .utf8(FULCIO + 11, "github-hosted");
    for (int arc = 12; arc <= 24; arc++) {
      forge.utf8(FULCIO + arc, "https://github.com/acme/app/value-of-" + arc);
    }
    return forge;
  }

  /// A time as certificates before 2050 have it.
  public static ASN1Encodable time(String instant) {
    return new Time(Date.from(Instant.parse(instant)));
  }

  /// DER of a Bouncy Castle object.
  public static byte[] der(ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public CertificateForge names(GeneralName... names) {
    return extension(SUBJECT_ALT_NAME, true, der(new GeneralNames(names)));
  }

  public CertificateForge utf8(String oid, String value) {
    return raw(oid, der(new DERUTF8String(value)));
  }

  /// An extension with these bytes as its value.
  public CertificateForge raw(String oid, byte[] value) {
    return extension(oid, false, value);
  }

  public CertificateForge extension(String oid, boolean critical, byte[] value) {
    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(new ASN1ObjectIdentifier(oid));
    if (critical) {
      parts.add(ASN1Boolean.TRUE);
    }
    parts.add(new DEROctetString(value));
    return element(new DERSequence(parts));
  }

  /// Anything in the place of an extension.
  public CertificateForge element(ASN1Encodable element) {
    extensions.add(element);
    return this;
  }

  public CertificateForge serial(ASN1Encodable value) {
    serial = value;
    return this;
  }

  public CertificateForge issuer(X500Name name) {
    issuer = name;
    return this;
  }

  public CertificateForge subject(X500Name name) {
    subject = name;
    return this;
  }

  public CertificateForge validity(ASN1Encodable from, ASN1Encodable to) {
    notBefore = from;
    notAfter = to;
    return this;
  }

  public CertificateForge key(byte[] spki) {
    key = spki;
    return this;
  }

  /// The certificate in DER.
  public byte[] der() {
    try {
      ASN1EncodableVector tbs = new ASN1EncodableVector();
      tbs.add(new DERTaggedObject(true, 0, new ASN1Integer(2)));
      tbs.add(serial);
      tbs.add(ECDSA);
      tbs.add(issuer);
      tbs.add(new DERSequence(new ASN1Encodable[] {notBefore, notAfter}));
      tbs.add(subject);
      tbs.add(ASN1Primitive.fromByteArray(key));
      if (!extensions.isEmpty()) {
        tbs.add(
            new DERTaggedObject(
                true, 3, new DERSequence(extensions.toArray(ASN1Encodable[]::new))));
      }
      return certificate(new DERSequence(tbs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A certificate around this tbsCertificate.
  public static byte[] certificate(ASN1Encodable tbs) {
    return der(
        new DERSequence(
            new ASN1Encodable[] {tbs, ECDSA, new DERBitString(new byte[] {0x30, 0x00})}));
  }

  /// The certificate in PEM.
  public String pem() {
    return pem("CERTIFICATE", der());
  }

  /// A PEM block.
  public static String pem(String label, byte[] contents) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(contents), label);
  }
}
