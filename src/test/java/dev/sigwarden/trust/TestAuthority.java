package dev.sigwarden.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.practice.PracticeIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// An authority as Sigstore has them: a root, an intermediate that issues, and a certificate log,
/// with the trusted root that names them.
public final class TestAuthority {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration YEARS = Duration.ofDays(3650);
  private static final X500Name ROOT = new X500Name("CN=test-root,O=authority.example");
  private static final X500Name INTERMEDIATE =
      new X500Name("CN=test-intermediate,O=authority.example");
  static final String SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";

  private final Instant born;
  private final KeyPair rootKey = key();
  private final KeyPair issuingKey = key();
  private final KeyPair logKey = key();
  private final byte[] root;
  private final byte[] intermediate;

  /// What a certificate is to look like, where it is to be other than Fulcio's.
  public static final class Shape {
    private Instant from;
    private Duration validity = Duration.ofMinutes(10);
    private boolean authority;
    private KeyPurposeId purpose = KeyPurposeId.id_kp_codeSigning;
    private int usage = KeyUsage.digitalSignature;
    private String critical = "";
    private boolean timestamp = true;
    private boolean another;
    private KeyPair signer;
    private X500Name issuer = INTERMEDIATE;
    private KeyPair log;
    private Instant logged;

    Shape from(Instant time) {
      from = time;
      logged = time;
      return this;
    }

    Shape validity(Duration duration) {
      validity = duration;
      return this;
    }

    Shape authority() {
      authority = true;
      return this;
    }

    Shape purpose(KeyPurposeId id) {
      purpose = id;
      return this;
    }

    Shape usage(int bits) {
      usage = bits;
      return this;
    }

    Shape critical(String oid) {
      critical = oid;
      return this;
    }

    Shape withoutTimestamp() {
      timestamp = false;
      return this;
    }

    Shape timestampOfAnother() {
      another = true;
      return this;
    }

    Shape signedBy(KeyPair key) {
      signer = key;
      return this;
    }

    Shape loggedBy(KeyPair key) {
      log = key;
      return this;
    }

    Shape logged(Instant time) {
      logged = time;
      return this;
    }
  }

  /// An authority that is valid from `born` on, for ten years.
  public TestAuthority(Instant born) {
    this.born = born.truncatedTo(ChronoUnit.SECONDS);
    this.root = certified(ROOT, rootKey, ROOT, rootKey, 1);
    this.intermediate = certified(INTERMEDIATE, issuingKey, ROOT, rootKey, 0);
  }

  /// A key pair on P-256.
  public static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform has P-256", e);
    }
  }

  private byte[] certified(
      X500Name subject, KeyPair key, X500Name issuer, KeyPair signer, int below) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.TWO,
              Date.from(born),
              Date.from(born.plus(YEARS)),
              subject,
              key.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return sign(builder, signer);
    } catch (IOException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
  }

  /// A shape as Fulcio's, starting at `from`.
  public Shape shape(Instant from) {
    Shape shape = new Shape();
    shape.signer = issuingKey;
    shape.log = logKey;
    return shape.from(from.truncatedTo(ChronoUnit.SECONDS));
  }

  /// A certificate for a URI and an OIDC issuer.
  public byte[] issue(PracticeIdentity identity, Shape shape) {
    return issue(identity, shape, key());
  }

  /// The same for a key that is known.
  public byte[] issue(PracticeIdentity identity, Shape shape, KeyPair key) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              shape.issuer,
              BigInteger.valueOf(System.nanoTime()),
              Date.from(shape.from),
              Date.from(shape.from.plus(shape.validity)),
              new X500Name(new org.bouncycastle.asn1.x500.RDN[0]),
              key.getPublic());
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(shape.usage));
      if (shape.purpose != null) {
        builder.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(shape.purpose));
      }
      if (shape.authority) {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      }
      if (!shape.critical.isEmpty()) {
        builder.addExtension(
            new ASN1ObjectIdentifier(shape.critical), true, new DERUTF8String("x"));
      }
      builder.addExtension(
          Extension.subjectAlternativeName,
          true,
          new GeneralNames(
              new GeneralName(GeneralName.uniformResourceIdentifier, identity.subject())));
      builder.addExtension(
          new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.8"),
          false,
          new DERUTF8String(identity.issuer()));
      if (shape.timestamp) {
        byte[] tbs =
            builder.build(signer(shape.signer)).toASN1Structure().getTBSCertificate().getEncoded();
        if (shape.another) {
          tbs[tbs.length - 1] ^= 1;
        }
        builder.addExtension(
            new ASN1ObjectIdentifier(SCT_LIST),
            false,
            new DEROctetString(scts(shape.log, shape.logged, tbs)));
      }
      return sign(builder, shape.signer);
    } catch (IOException | OperatorCreationException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
  }

  /// RFC 6962 sections 3.2 and 3.3, written a second time.
  private byte[] scts(KeyPair log, Instant time, byte[] tbs) {
    try {
      ByteArrayOutputStream signed = new ByteArrayOutputStream();
      signed.writeBytes(new byte[] {0, 0});
      signed.writeBytes(ByteBuffer.allocate(8).putLong(time.toEpochMilli()).array());
      signed.writeBytes(new byte[] {0, 1});
      signed.writeBytes(sha256(issuingKey.getPublic().getEncoded()));
      signed.writeBytes(new byte[] {0, (byte) (tbs.length >> 8), (byte) tbs.length});
      signed.writeBytes(tbs);
      signed.writeBytes(new byte[] {0, 0});
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(log.getPrivate());
      signer.update(signed.toByteArray());
      byte[] signature = signer.sign();
      ByteBuffer sct = ByteBuffer.allocate(1 + 32 + 8 + 2 + 2 + 2 + signature.length);
      sct.put((byte) 0).put(sha256(log.getPublic().getEncoded())).putLong(time.toEpochMilli());
      sct.putShort((short) 0).putShort((short) 0x0403).putShort((short) signature.length);
      sct.put(signature);
      return ByteBuffer.allocate(4 + sct.capacity())
          .putShort((short) (2 + sct.capacity()))
          .putShort((short) sct.capacity())
          .put(sct.array())
          .array();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform signs with its own keys", e);
    }
  }

  private static org.bouncycastle.operator.ContentSigner signer(KeyPair key)
      throws OperatorCreationException {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
  }

  private static byte[] sign(X509v3CertificateBuilder builder, KeyPair key) {
    try {
      return builder.build(signer(key)).getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform has SHA-256", e);
    }
  }

  /// The trusted root as JSON.
  public ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1");
    ObjectNode authority = json.putArray("certificateAuthorities").addObject();
    authority.put("uri", "https://authority.example");
    var chain = authority.putObject("certChain").putArray("certificates");
    List.of(intermediate, root).forEach(der -> chain.addObject().put("rawBytes", base64(der)));
    authority.putObject("validFor").put("start", born.toString());
    ObjectNode log = json.putArray("ctlogs").addObject();
    byte[] spki = logKey.getPublic().getEncoded();
    log.put("baseUrl", "https://ct.authority.example");
    log.putObject("publicKey")
        .put("rawBytes", base64(spki))
        .put("keyDetails", "PKIX_ECDSA_P256_SHA_256")
        .putObject("validFor")
        .put("start", born.toString());
    log.putObject("logId").put("keyId", base64(sha256(spki)));
    return json;
  }

  /// The trusted root as it is published.
  public byte[] trustedRoot() {
    return bytes(json());
  }

  /// JSON as it is published.
  public static byte[] bytes(ObjectNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree is JSON", e);
    }
  }

  /// The certificates in PEM: the one that issues, the root, or both.
  public String pem(boolean issuing, boolean top) {
    return (issuing ? pem(intermediate) : "") + (top ? pem(root) : "");
  }

  private static String pem(byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(base64);
  }

  private static String base64(byte[] bytes) {
    return new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
  }
}
