package dev.sigwarden.practice;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;
import java.util.Optional;

/// What signs a practice entry: a private key, and a certificate for it if it has one.
public final class PracticeCredential {
  /// Kinds of key, with the words that log entries and the platform have for them.
  public enum KeyKind {
    P256("PKIX_ECDSA_P256_SHA_256", "EC", "SHA256withECDSA", 256),
    P384("PKIX_ECDSA_P384_SHA_384", "EC", "SHA384withECDSA", 384),
    RSA2048("PKIX_RSA_PKCS1V15_2048_SHA256", "RSA", "SHA256withRSA", 256),
    /// Ed25519ph: signs the SHA-512 of the artifact, so that a log can check it without the
    /// artifact.
    ED25519_PH("PKIX_ED25519_PH", "Ed25519", "Ed25519", 512);

    private final String details;
    private final String family;
    private final String signature;
    private final int digestBits;

    KeyKind(String details, String family, String signature, int digestBits) {
      this.details = details;
      this.family = family;
      this.signature = signature;
      this.digestBits = digestBits;
    }

    private AlgorithmParameterSpec parameters() {
      return switch (this) {
        case P256 -> new ECGenParameterSpec("secp256r1");
        case P384 -> new ECGenParameterSpec("secp384r1");
        case RSA2048 -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
        case ED25519_PH -> NamedParameterSpec.ED25519;
      };
    }

    /// The value of `keyDetails` in a Rekor v2 entry.
    public String details() {
      return details;
    }

    /// The value of `algorithm` in a Rekor v2 entry's digest, `SHA2_256` for example.
    public String digestDetails() {
      return "SHA2_" + digestBits;
    }

    /// The value of `algorithm` in a Rekor v1 entry's digest, `sha256` for example.
    public String digestName() {
      return "sha" + digestBits;
    }

    /// The digest of `data` that this kind of key signs.
    public byte[] digest(byte[] data) {
      try {
        return MessageDigest.getInstance("SHA-" + digestBits).digest(data);
      } catch (GeneralSecurityException e) {
        throw new AssertionError("the platform has SHA-2", e);
      }
    }
  }

  private static final int PEM_LINE = 64;

  private final KeyKind kind;
  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final Optional<X509Certificate> certificate;

  PracticeCredential(KeyKind kind, KeyPair keys, Optional<X509Certificate> certificate) {
    this.kind = kind;
    this.privateKey = keys.getPrivate();
    this.publicKey = keys.getPublic();
    this.certificate = certificate;
  }

  /// A fresh key pair of that kind.
  static KeyPair generate(KeyKind kind, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.family);
      generator.initialize(kind.parameters(), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform has " + kind.family, e);
    }
  }

  /// The kind of key.
  public KeyKind kind() {
    return kind;
  }

  /// The key that signatures verify with.
  public PublicKey publicKey() {
    return publicKey;
  }

  /// The certificate for the key; empty for a raw key.
  public Optional<X509Certificate> certificate() {
    return certificate;
  }

  /// Whether a log writes down a certificate, and not the key alone.
  boolean certified() {
    return certificate.isPresent();
  }

  /// The DER of what a log writes down: the certificate, else the key's SubjectPublicKeyInfo.
  public byte[] verifierDer() {
    if (certificate.isEmpty()) {
      return publicKey.getEncoded();
    }
    try {
      return certificate.get().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new AssertionError("a certificate of our own making", e);
    }
  }

  /// `verifierDer` as PEM, each line ended.
  public String verifierPem() {
    String label = certified() ? "CERTIFICATE" : "PUBLIC KEY";
    String body = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(verifierDer());
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }

  /// A signature over `data`: for ECDSA in DER.
  public byte[] sign(byte[] data) {
    try {
      Signature signer = signature();
      signer.initSign(privateKey);
      signer.update(data);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform signs with its own keys", e);
    }
  }

  /// Whether `signature` is this key's over `data`.
  public boolean verifies(byte[] data, byte[] signature) {
    try {
      Signature verifier = signature();
      verifier.initVerify(publicKey);
      verifier.update(data);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      // What providers throw for bytes that have not the shape of a signature.
      return false;
    }
  }

  private Signature signature() throws GeneralSecurityException {
    Signature signature = Signature.getInstance(kind.signature);
    if (kind == KeyKind.ED25519_PH) {
      signature.setParameter(new EdDSAParameterSpec(true));
    }
    return signature;
  }
}
