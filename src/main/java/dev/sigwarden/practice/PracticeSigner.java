package dev.sigwarden.practice;

import dev.sigwarden.practice.PracticeCredential.KeyKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority of one's own that issues what Fulcio issues, and raw keys. The
/// certificates hold for the Sigstore profile but for the embedded SCT, which they lack.
public final class PracticeSigner {
  /// How long a certificate is valid, from the time of issue on: as Fulcio's.
  public static final Duration VALIDITY = Duration.ofMinutes(10);

  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
  private static final int SERIAL_BITS = 159;

  /// Fulcio's arc of extensions. github.com/sigstore/fulcio docs/oid-info.md.
  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";

  private static final int ISSUER = 1;
  private static final int OTHER_NAME = 7;
  private static final int ISSUER_V2 = 8;

  /// Extensions .1 to .6 hold their text as it is; the others hold a UTF8String.
  private static final int LAST_RAW = 6;

  private static final X500Name AUTHORITY =
      new X500Name("CN=practice-authority,O=sigwarden.example");

  private final Clock clock;
  private final SecureRandom random;
  private final KeyPair authorityKeys;
  private final X509Certificate authority;

  /// An authority with a fresh P-256 key, valid from the time of `clock` on.
  public PracticeSigner(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
    this.authorityKeys = PracticeCredential.generate(KeyKind.P256, random);
    this.authority = selfSigned();
  }

  /// The authority's certificate, self-signed.
  public X509Certificate authority() {
    return authority;
  }

  /// A fresh key of that kind, without a certificate.
  public PracticeCredential key(KeyKind kind) {
    return new PracticeCredential(
        kind, PracticeCredential.generate(kind, random), Optional.empty());
  }

  /// A fresh P-256 key with a certificate valid for `VALIDITY` from now on.
  public PracticeCredential certificate(PracticeIdentity identity) {
    KeyPair keys = PracticeCredential.generate(KeyKind.P256, random);
    try {
      X509v3CertificateBuilder builder = builder(new X500Name(new RDN[0]), keys, VALIDITY);
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions.createSubjectKeyIdentifier(keys.getPublic()));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          extensions.createAuthorityKeyIdentifier(authorityKeys.getPublic()));
      builder.addExtension(
          Extension.subjectAlternativeName, true, new GeneralNames(generalName(identity)));
      addFulcio(builder, ISSUER, identity.issuer());
      addFulcio(builder, ISSUER_V2, identity.issuer());
      for (Map.Entry<Integer, String> claim : identity.claims().entrySet()) {
        addFulcio(builder, claim.getKey(), claim.getValue());
      }
      return new PracticeCredential(KeyKind.P256, keys, Optional.of(sign(builder)));
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new AssertionError("key identifiers need SHA-1, which every platform has", e);
    }
  }

  private static GeneralName generalName(PracticeIdentity identity) {
    return switch (identity.kind()) {
      case URI -> new GeneralName(GeneralName.uniformResourceIdentifier, identity.subject());
      case EMAIL -> new GeneralName(GeneralName.rfc822Name, identity.subject());
      case DNS -> new GeneralName(GeneralName.dNSName, identity.subject());
      case OTHER_NAME -> {
        ASN1EncodableVector otherName = new ASN1EncodableVector();
        otherName.add(new ASN1ObjectIdentifier(FULCIO + OTHER_NAME));
        otherName.add(new DERTaggedObject(true, 0, new DERUTF8String(identity.subject())));
        yield new GeneralName(GeneralName.otherName, new DERSequence(otherName));
      }
    };
  }

  private static void addFulcio(X509v3CertificateBuilder builder, int number, String value)
      throws IOException {
    byte[] content =
        number <= LAST_RAW
            ? value.getBytes(StandardCharsets.UTF_8)
            : new DERUTF8String(value).getEncoded();
    builder.addExtension(new Extension(new ASN1ObjectIdentifier(FULCIO + number), false, content));
  }

  private X509Certificate selfSigned() {
    try {
      X509v3CertificateBuilder builder = builder(AUTHORITY, authorityKeys, AUTHORITY_VALIDITY);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(authorityKeys.getPublic()));
      return sign(builder);
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new AssertionError("key identifiers need SHA-1, which every platform has", e);
    }
  }

  private X509v3CertificateBuilder builder(X500Name subject, KeyPair keys, Duration validity) {
    Instant from = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new JcaX509v3CertificateBuilder(
        AUTHORITY,
        new BigInteger(SERIAL_BITS, random),
        Date.from(from),
        Date.from(from.plus(validity)),
        subject,
        keys.getPublic());
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .build(authorityKeys.getPrivate())));
    } catch (OperatorCreationException | CertificateException e) {
      throw new AssertionError("the platform reads and signs certificates of our own making", e);
    }
  }
}
