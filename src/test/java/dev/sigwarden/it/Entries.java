package dev.sigwarden.it;

import dev.sigwarden.practice.BenchEntries;
import dev.sigwarden.practice.PracticeCredential;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Entries of a Rekor log: those of the watched identity, and other people's.
final class Entries {
  /// The watched identity, as the watch's selector has it.
  static final String SUBJECT =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/*";

  static final String ISSUER = "https://token.actions.githubusercontent.com";

  private static final PracticeSigner AUTHORITY =
      new PracticeSigner(Clock.systemUTC(), new SecureRandom());
  private static final BenchEntries OTHERS = new BenchEntries(AUTHORITY);

  private Entries() {}

  /// An entry that no watch selects, different for each number.
  static byte[] other(long number) {
    return OTHERS.entry(number);
  }

  /// An entry in which the watched identity signs this artifact.
  static byte[] watched(String artifact) {
    return PracticeEntries.hashedRekord(
        AUTHORITY.certificate(
            PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0")),
        bytes(artifact));
  }

  /// An entry in which this identity signs this artifact.
  static byte[] signed(PracticeIdentity identity, String artifact) {
    return PracticeEntries.hashedRekord(AUTHORITY.certificate(identity), bytes(artifact));
  }

  /// An entry whose certificate has that many other names before the watched identity's.
  static byte[] watchedBehind(int names) {
    PracticeIdentity identity =
        PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0");
    PracticeCredential signer = AUTHORITY.certificate(identity);
    String entry =
        new String(PracticeEntries.hashedRekord(signer, bytes("crowded")), StandardCharsets.UTF_8);
    // Only the certificate matters: nobody who reads a log can verify the signature.
    String crowded = base64(crowded(signer, identity.subject(), names));
    return bytes(entry.replace(base64(signer.verifierDer()), crowded));
  }

  /// An entry in which this certificate signs this artifact; its key does not: nobody who reads a
  /// log can verify the signature.
  static byte[] certified(byte[] certificate, String artifact) {
    PracticeCredential signer =
        AUTHORITY.certificate(PracticeIdentity.uri("https://a.example", ISSUER));
    String entry =
        new String(PracticeEntries.hashedRekord(signer, bytes(artifact)), StandardCharsets.UTF_8);
    return bytes(entry.replace(base64(signer.verifierDer()), base64(certificate)));
  }

  private static byte[] crowded(PracticeCredential signer, String subject, int names) {
    List<GeneralName> all = new ArrayList<>();
    for (int i = 0; i < names; i++) {
      all.add(new GeneralName(GeneralName.dNSName, Integer.toString(i % 100)));
    }
    all.add(new GeneralName(GeneralName.uniformResourceIdentifier, subject));
    Instant now = Instant.now();
    try {
      return new JcaX509v3CertificateBuilder(
              new X500Name("CN=practice-authority"),
              BigInteger.TEN,
              Date.from(now),
              Date.from(now.plus(PracticeSigner.VALIDITY)),
              new X500Name("CN=crowded"),
              signer.publicKey())
          .addExtension(
              Extension.subjectAlternativeName,
              true,
              new GeneralNames(all.toArray(GeneralName[]::new)))
          .addExtension(
              new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.8"), false, new DERUTF8String(ISSUER))
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key().getPrivate()))
          .getEncoded();
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
  }

  private static KeyPair key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// The line of an allowlist that expects this artifact.
  static String allowed(String artifact) {
    return "sha256:" + digest(artifact) + " " + artifact.replace(' ', '-') + "\n";
  }

  /// The SHA-256 of the artifact in hex.
  static String digest(String artifact) {
    return HexFormat.of().formatHex(KeyKind.P256.digest(bytes(artifact)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
