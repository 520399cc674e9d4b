package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.LedgerCertificates.Holder;
import dev.sigwarden.practice.PracticeCose.Algorithm;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;

/// The identity of a practice ledger between two recoveries: the service's key and certificate, and
/// those of its only node, which the service issued. Both keys are on P-384.
public final class PracticeService {
  private static final int COORDINATE_BYTES = 48;

  private final KeyPair keys;
  private final KeyPair nodeKeys;
  private final X509Certificate certificate;
  private final X509Certificate nodeCertificate;

  PracticeService(String host, Clock clock, SecureRandom random) {
    LedgerCertificates certificates = new LedgerCertificates(clock, random);
    this.keys = Algorithm.ES384.generate(random);
    this.nodeKeys = Algorithm.ES384.generate(random);
    Holder service = new Holder("CN=CCF Service", keys);
    this.certificate = certificates.authority(service, service);
    this.nodeCertificate =
        certificates.server(
            new Holder("CN=CCF Node", nodeKeys),
            service,
            "dns:" + host,
            "dns:localhost",
            "ip:127.0.0.1");
  }

  /// The service's certificate, which nobody issued but itself.
  public X509Certificate certificate() {
    return certificate;
  }

  /// The same as PEM.
  public String certificatePem() {
    return LedgerCertificates.pem("CERTIFICATE", LedgerCertificates.der(certificate));
  }

  /// The service's key as PEM.
  public String keyPem() {
    return LedgerCertificates.pem("PUBLIC KEY", spki());
  }

  /// The certificate that the node shows on TLS.
  public X509Certificate nodeCertificate() {
    return nodeCertificate;
  }

  /// The node's private key, for its side of TLS.
  public PrivateKey nodeKey() {
    return nodeKeys.getPrivate();
  }

  /// What the service calls its key: SHA-256 of its SubjectPublicKeyInfo in hex.
  public String kid() {
    return Hash.ofData(spki()).toHex();
  }

  /// The first coordinate of the service's key, 48 bytes.
  public byte[] x() {
    return coordinate(((ECPublicKey) keys.getPublic()).getW().getAffineX());
  }

  /// The second coordinate of the service's key, 48 bytes.
  public byte[] y() {
    return coordinate(((ECPublicKey) keys.getPublic()).getW().getAffineY());
  }

  private static byte[] coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[COORDINATE_BYTES];
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
    return fixed;
  }

  /// The service's SubjectPublicKeyInfo.
  byte[] spki() {
    return keys.getPublic().getEncoded();
  }

  /// The node's name: SHA-256 of its SubjectPublicKeyInfo in hex.
  String node() {
    return Hash.ofData(nodeKeys.getPublic().getEncoded()).toHex();
  }

  String nodeCertificatePem() {
    return LedgerCertificates.pem("CERTIFICATE", LedgerCertificates.der(nodeCertificate));
  }

  String nodeKeyPem() {
    return LedgerCertificates.pem("PUBLIC KEY", nodeKeys.getPublic().getEncoded());
  }

  /// A message of the service's key.
  byte[] message(byte[] header, byte[] payload) {
    return PracticeCose.message(header, payload, Algorithm.ES384, keys.getPrivate());
  }

  /// The service's signature over a protected header and a root.
  byte[] signature(byte[] header, Hash root) {
    return PracticeCose.signature(header, root.toBytes(), Algorithm.ES384, keys.getPrivate());
  }

  /// The node's signature over a root, whose bytes take the place of a digest.
  byte[] nodeSignature(Hash root) {
    try {
      Signature signer = Signature.getInstance("NONEwithECDSA");
      signer.initSign(nodeKeys.getPrivate());
      signer.update(root.toBytes());
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the platform signs with its own keys", e);
    }
  }
}
