package dev.sigwarden.practice;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes the certificates of practice ledgers and of those who sign statements for them: valid from
/// a day before the clock's time on, for long.
final class LedgerCertificates {
  private static final Duration BEFORE = Duration.ofDays(1);
  private static final Duration VALIDITY = Duration.ofDays(3650);
  private static final int SERIAL_BITS = 127;
  private static final int PEM_LINE = 64;

  private final Instant now;
  private final SecureRandom random;

  LedgerCertificates(Clock clock, SecureRandom random) {
    this.now = clock.instant();
    this.random = random;
  }

  /// Somebody's name and keys.
  record Holder(String name, KeyPair keys) {}

  /// A certificate authority's certificate; its own if it is the issuer.
  X509Certificate authority(Holder subject, Holder issuer) {
    return certificate(subject, issuer, true, new Extension[0]);
  }

  /// The certificate of a TLS server with these names, `dns:NAME` or `ip:ADDRESS`.
  X509Certificate server(Holder subject, Holder issuer, String... names) {
    GeneralName[] all = new GeneralName[names.length];
    for (int i = 0; i < names.length; i++) {
      String value = names[i].substring(names[i].indexOf(':') + 1);
      all[i] =
          new GeneralName(
              names[i].startsWith("ip:") ? GeneralName.iPAddress : GeneralName.dNSName, value);
    }
    return certificate(
        subject,
        issuer,
        false,
        extension(Extension.subjectAlternativeName, encoded(new GeneralNames(all))));
  }

  /// The certificate of somebody who signs, for that use.
  X509Certificate signer(Holder subject, Holder issuer, String keyUsage) {
    KeyPurposeId use = KeyPurposeId.getInstance(new ASN1ObjectIdentifier(keyUsage));
    return certificate(
        subject,
        issuer,
        false,
        extension(Extension.extendedKeyUsage, encoded(new ExtendedKeyUsage(use))));
  }

  private static Extension extension(ASN1ObjectIdentifier id, byte[] value) {
    return new Extension(id, false, value);
  }

  private static byte[] encoded(org.bouncycastle.asn1.ASN1Object value) {
    try {
      return value.getEncoded();
    } catch (IOException e) {
      throw new AssertionError("extensions of our own making have an encoding", e);
    }
  }

  private X509Certificate certificate(
      Holder subject, Holder issuer, boolean isAuthority, Extension... more) {
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  new X500Name(issuer.name()),
                  new BigInteger(SERIAL_BITS, random),
                  Date.from(now.minus(BEFORE)),
                  Date.from(now.plus(VALIDITY)),
                  new X500Name(subject.name()),
                  subject.keys().getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  ids.createSubjectKeyIdentifier(subject.keys().getPublic()))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  ids.createAuthorityKeyIdentifier(issuer.keys().getPublic()));
      for (Extension one : more) {
        builder.addExtension(one);
      }
      boolean rsa = issuer.keys().getPublic().getAlgorithm().equals("RSA");
      byte[] der =
          builder
              .build(
                  new JcaContentSignerBuilder(rsa ? "SHA384withRSA" : "SHA384withECDSA")
                      .build(issuer.keys().getPrivate()))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException
        | NoSuchAlgorithmException
        | OperatorCreationException
        | CertificateException e) {
      throw new AssertionError("the platform reads and signs certificates of our own making", e);
    }
  }

  /// The certificate in DER.
  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
  }

  /// Those bytes as PEM, each line ended.
  static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, body);
  }
}
