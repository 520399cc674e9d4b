package dev.sigwarden.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.trust.TestAuthority;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/// A time stamping authority with one certificate of its own.
final class TestTimestamps {
  private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("1.2.3.4");

  private final KeyPair key = TestAuthority.key();
  private final Instant born;
  private final X509CertificateHolder certificate;

  TestTimestamps(Instant born) {
    this.born = born;
    X500Name name = new X500Name("CN=test-timestamps");
    try {
      certificate =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.TWO,
                  Date.from(born),
                  Date.from(born.plus(Duration.ofDays(3650))),
                  name,
                  key.getPublic())
              .addExtension(
                  Extension.extendedKeyUsage,
                  true,
                  new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping))
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
    } catch (IOException | OperatorCreationException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
  }

  /// Names it in a trusted root.
  void addTo(ObjectNode trustedRoot) {
    ObjectNode authority = trustedRoot.putArray("timestampAuthorities").addObject();
    try {
      authority
          .putObject("certChain")
          .putArray("certificates")
          .addObject()
          .put("rawBytes", TestBundle.base64(certificate.getEncoded()));
    } catch (IOException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
    authority.putObject("validFor").put("start", born.toString());
  }

  /// A TimeStampResp over a signature.
  byte[] stamp(byte[] signature, Instant time) {
    try {
      TimeStampTokenGenerator tokens =
          new TimeStampTokenGenerator(
              new JcaSimpleSignerInfoGeneratorBuilder()
                  .build("SHA256withECDSA", key.getPrivate(), certificate),
              new JcaDigestCalculatorProviderBuilder()
                  .build()
                  .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
              POLICY);
      TimeStampRequest request =
          new TimeStampRequestGenerator()
              .generate(
                  NISTObjectIdentifiers.id_sha256,
                  MessageDigest.getInstance("SHA-256").digest(signature));
      return new TimeStampResponseGenerator(
              tokens, java.util.Set.of(NISTObjectIdentifiers.id_sha256.getId()))
          .generate(request, BigInteger.ONE, Date.from(time))
          .getEncoded();
    } catch (IOException | GeneralSecurityException | OperatorCreationException | TSPException e) {
      throw new AssertionError("a timestamp of our own making", e);
    }
  }
}
