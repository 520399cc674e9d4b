package dev.sigwarden.entry.x509;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DSAParameter;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// SubjectPublicKeyInfo in DER of keys that come in another form, so that a key has one fingerprint
/// wherever it is found. Writes the numbers as they are given and computes nothing with them.
public final class Spki {
  private static final String P256 = "1.2.840.10045.3.1.7";
  private static final String P384 = "1.3.132.0.34";
  private static final String P521 = "1.3.132.0.35";

  private static final String ED25519 = "1.3.101.112";
  private static final String ED448 = "1.3.101.113";

  private Spki() {}

  /// RFC 3279 section 2.3.1.
  public static byte[] rsa(BigInteger modulus, BigInteger exponent) {
    return der(
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
        new RSAPublicKey(modulus, exponent));
  }

  /// RFC 3279 section 2.3.2.
  public static byte[] dsa(BigInteger p, BigInteger q, BigInteger g, BigInteger y) {
    return der(
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_dsa, new DSAParameter(p, q, g)),
        new ASN1Integer(y));
  }

  /// RFC 5480 section 2: a point on the curve with this dotted OID, encoded as SEC 1 has it.
  public static byte[] ec(String curve, byte[] point) {
    return bits(
        new AlgorithmIdentifier(
            X9ObjectIdentifiers.id_ecPublicKey, new ASN1ObjectIdentifier(curve)),
        point);
  }

  /// The dotted OID of a curve of NIST's by the name that SSH has for it: `nistp256`, `nistp384`,
  /// `nistp521`.
  public static Optional<String> curve(String name) {
    return switch (name) {
      case "nistp256" -> Optional.of(P256);
      case "nistp384" -> Optional.of(P384);
      case "nistp521" -> Optional.of(P521);
      default -> Optional.empty();
    };
  }

  /// Whether the dotted OID is that of a curve which `curve` knows.
  public static boolean isNistCurve(String oid) {
    return oid.equals(P256) || oid.equals(P384) || oid.equals(P521);
  }

  /// RFC 8410 section 4, a key of 32 bytes.
  public static byte[] ed25519(byte[] key) {
    return bits(new AlgorithmIdentifier(new ASN1ObjectIdentifier(ED25519)), key);
  }

  /// RFC 8410 section 4, a key of 57 bytes.
  public static byte[] ed448(byte[] key) {
    return bits(new AlgorithmIdentifier(new ASN1ObjectIdentifier(ED448)), key);
  }

  private static byte[] bits(AlgorithmIdentifier algorithm, byte[] key) {
    return encoded(new SubjectPublicKeyInfo(algorithm, key));
  }

  private static byte[] der(AlgorithmIdentifier algorithm, ASN1Encodable key) {
    try {
      return encoded(new SubjectPublicKeyInfo(algorithm, key));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory does not fail", e);
    }
  }

  private static byte[] encoded(SubjectPublicKeyInfo info) {
    try {
      return info.getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory does not fail", e);
    }
  }
}
