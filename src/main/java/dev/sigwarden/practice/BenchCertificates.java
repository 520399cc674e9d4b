package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// What a certificate authority submits to Certificate Transparency logs, made for benchmarks:
/// certificates of hosts with all that theirs usually hold, and precertificates, under a chain of
/// two. In each host stands `NUMBER`, for what makes many entries out of few to write over.
final class BenchCertificates {
  /// In every host: eight digits.
  static final String NUMBER = "00000000";

  private static final Duration VALIDITY = Duration.ofDays(90);
  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
  private static final int SERIAL_BITS = 143;

  /// RFC 6962 section 3.1 and 3.3.
  private static final ASN1ObjectIdentifier POISON =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.3");

  private static final ASN1ObjectIdentifier TIMESTAMPS =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");

  /// Bytes of a list of two timestamps with ECDSA signatures.
  private static final int TIMESTAMP_LIST_BYTES = 241;

  /// Domain-validated. CA/Browser Forum Baseline Requirements section 7.1.6.1.
  private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("2.23.140.1.2.1");

  private static final X500Name ROOT = new X500Name("CN=Bench Root,O=sigwarden.example,C=CH");
  private static final X500Name AUTHORITY = new X500Name("CN=B1,O=sigwarden.example,C=CH");

  /// Hosts in one certificate: most have one or two, some many.
  private static final int[] HOSTS = {1, 2, 2, 1, 4, 2, 1, 25};

  private final Instant from;
  private final SecureRandom random;
  private final KeyPair keys;
  private final KeyPair rsa;
  private final X509CertificateHolder authority;
  private final X509CertificateHolder root;

  BenchCertificates(Clock clock, SecureRandom random) {
    this.from = clock.instant();
    this.random = random;
    this.keys = PracticeCredential.generate(KeyKind.P256, random);
    this.rsa = PracticeCredential.generate(KeyKind.RSA2048, random);
    KeyPair rootKeys = PracticeCredential.generate(KeyKind.P256, random);
    this.root = authority(ROOT, ROOT, rootKeys, rootKeys);
    this.authority = authority(ROOT, AUTHORITY, keys, rootKeys);
  }

  private X509CertificateHolder authority(
      X500Name issuer, X500Name subject, KeyPair own, KeyPair signing) {
    try {
      X509v3CertificateBuilder builder =
          builder(issuer, subject, own, AUTHORITY_VALIDITY)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createSubjectKeyIdentifier(own.getPublic()));
      return builder.build(signer(signing));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new AssertionError("key identifiers need SHA-1, which every platform has", e);
    }
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair own, Duration validity) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random),
        Date.from(from),
        Date.from(from.plus(validity)),
        subject,
        own.getPublic());
  }

  private static ContentSigner signer(KeyPair signing) {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate());
    } catch (OperatorCreationException e) {
      throw new AssertionError("a P-256 key signs anything", e);
    }
  }

  /// An entry of which each host is in a domain of this number: even numbers are certificates, odd
  /// ones precertificates; half of the keys are RSA's.
  PracticeCtEntry entry(int number) {
    try {
      List<byte[]> chain = List.of(authority.getEncoded(), root.getEncoded());
      X509v3CertificateBuilder builder = host(number);
      if (number % 2 == 0) {
        builder.addExtension(TIMESTAMPS, false, new DEROctetString(new byte[TIMESTAMP_LIST_BYTES]));
        return PracticeCtEntry.certificate(builder.build(signer(keys)).getEncoded(), chain);
      }
      byte[] tbs = builder.build(signer(keys)).toASN1Structure().getTBSCertificate().getEncoded();
      byte[] poisoned =
          builder.addExtension(POISON, true, DERNull.INSTANCE).build(signer(keys)).getEncoded();
      Hash issuerKey = Hash.ofData(keys.getPublic().getEncoded());
      return PracticeCtEntry.precertificate(issuerKey, tbs, poisoned, chain);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new AssertionError("certificates of our own making have an encoding", e);
    }
  }

  private X509v3CertificateBuilder host(int number) throws IOException, NoSuchAlgorithmException {
    KeyPair own = number / 2 % 2 == 0 ? PracticeCredential.generate(KeyKind.P256, random) : rsa;
    List<GeneralName> hosts = new ArrayList<>();
    for (int i = 0; i < HOSTS[number % HOSTS.length]; i++) {
      hosts.add(
          new GeneralName(
              GeneralName.dNSName, "host-%d.shop-%s.tld-%d.example".formatted(i, NUMBER, number)));
    }
    JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
    return builder(AUTHORITY, new X500Name("CN=" + hosts.getFirst().getName()), own, VALIDITY)
        .addExtension(
            Extension.keyUsage,
            true,
            new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
        .addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}))
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(
            Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(own.getPublic()))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            ids.createAuthorityKeyIdentifier(keys.getPublic()))
        .addExtension(
            Extension.authorityInfoAccess,
            false,
            new AuthorityInformationAccess(
                AccessDescription.id_ad_caIssuers, uri("http://b1.i.sigwarden.example/")))
        .addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(hosts.toArray(GeneralName[]::new)))
        .addExtension(
            Extension.certificatePolicies,
            false,
            new CertificatePolicies(new PolicyInformation(POLICY)))
        .addExtension(
            Extension.cRLDistributionPoints,
            false,
            new CRLDistPoint(
                new DistributionPoint[] {
                  new DistributionPoint(
                      new DistributionPointName(
                          new GeneralNames(uri("http://b1.c.sigwarden.example/102.crl"))),
                      null,
                      null)
                }));
  }

  private static GeneralName uri(String text) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, text);
  }

  /// Where `NUMBER` stands in these bytes.
  static int[] numbers(byte[] bytes) {
    byte[] wanted = NUMBER.getBytes(StandardCharsets.US_ASCII);
    return BenchEntries.all(bytes, wanted);
  }
}
