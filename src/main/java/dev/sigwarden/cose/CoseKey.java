package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/// A public key that COSE signatures are checked with: on P-256, P-384 or P-521, Ed25519, or RSA of
/// 2,048 to 8,192 bits. Immutable.
public final class CoseKey {
  private static final int MIN_RSA_BITS = 2_048;

  /// Checking with a longer key takes milliseconds, and anybody may send one.
  private static final int MAX_RSA_BITS = 8_192;

  /// The longest SubjectPublicKeyInfo in bytes: one of an RSA key of 8,192 bits has under 1,100.
  private static final int MAX_SPKI = 2_048;

  /// Curves by their number in a COSE_Key. RFC 9053 section 7.1.
  private static final Map<Long, String> CURVES =
      Map.of(1L, "secp256r1", 2L, "secp384r1", 3L, "secp521r1");

  /// The DER of an Ed25519 SubjectPublicKeyInfo before the key. RFC 8410 section 4.
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_LENGTH = 32;

  private final PublicKey key;

  /// The length of a coordinate in bytes; 0 for keys that are no points.
  private final int coordinate;

  /// The same key for the provider that verifies with it; made when it is first needed.
  private volatile @Nullable PublicKey fast;

  private CoseKey(PublicKey key, int coordinate) {
    this.key = key;
    this.coordinate = coordinate;
  }

  /// The key, if it is of a kind and size that is checked with.
  public static CoseKey of(PublicKey key) throws MalformedCoseException {
    return switch (key) {
      case ECPublicKey point -> ec(point);
      case RSAPublicKey rsa -> {
        int bits = rsa.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
          throw new MalformedCoseException(
              "RSA key: %d bits (expected: %d to %d)".formatted(bits, MIN_RSA_BITS, MAX_RSA_BITS));
        }
        yield new CoseKey(rsa, 0);
      }
      case EdECPublicKey edwards when edwards.getParams().getName().equals("Ed25519") ->
          new CoseKey(edwards, 0);
      default ->
          throw new MalformedCoseException(
              "key: %s (expected: EC, RSA or Ed25519)".formatted(Shown.text(key.getAlgorithm())));
    };
  }

  private static CoseKey ec(ECPublicKey key) throws MalformedCoseException {
    for (String curve : CURVES.values()) {
      ECParameterSpec parameters = parameters(curve);
      if (key.getParams().getCurve().equals(parameters.getCurve())
          && key.getParams().getGenerator().equals(parameters.getGenerator())) {
        return new CoseKey(key, (parameters.getCurve().getField().getFieldSize() + 7) / 8);
      }
    }
    throw new MalformedCoseException("EC key: another curve (expected: P-256, P-384 or P-521)");
  }

  /// The key in a SubjectPublicKeyInfo.
  public static CoseKey ofSpki(byte[] spki) throws MalformedCoseException {
    if (spki.length <= MAX_SPKI) {
      for (String family : new String[] {"EC", "RSA", "Ed25519"}) {
        try {
          return of(KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(spki)));
        } catch (GeneralSecurityException | ProviderException _) {
          // Of another kind, or of none.
        }
      }
    }
    throw new MalformedCoseException(
        "key of %d bytes: no SubjectPublicKeyInfo of an EC, RSA or Ed25519 key"
            .formatted(spki.length));
  }

  /// The key that a COSE_Key (RFC 9052 section 7) holds: of type 2 with both coordinates, or
  /// Ed25519 of type 1.
  static CoseKey ofCose(Headers map) throws MalformedCoseException {
    long type = map.integer(Headers.label(1)).orElse(0);
    long curve = map.integer(Headers.label(-1)).orElse(0);
    if (map.has(Headers.label(-4))) {
      throw new MalformedCoseException("%s: a private key".formatted(map.name()));
    }
    if (type == 1 && curve == 6) {
      return ofEd25519(coordinate(map, -2));
    }
    String name = CURVES.get(curve);
    if (type != 2 || name == null) {
      throw new MalformedCoseException(
          "%s: key type %d, curve %d (expected: 2 with 1, 2 or 3, or 1 with 6)"
              .formatted(map.name(), type, curve));
    }
    return ofPoint(name, coordinate(map, -2), coordinate(map, -3));
  }

  private static byte[] coordinate(Headers map, long label) throws MalformedCoseException {
    return map.bytes(Headers.label(label))
        .orElseThrow(
            () -> new MalformedCoseException("%s: no coordinate %d".formatted(map.name(), label)))
        .toBytes();
  }

  /// The Ed25519 key of these 32 bytes.
  public static CoseKey ofEd25519(byte[] bytes) throws MalformedCoseException {
    if (bytes.length != ED25519_LENGTH) {
      throw new MalformedCoseException(
          "Ed25519 key: %d bytes (expected: 32)".formatted(bytes.length));
    }
    byte[] spki = new byte[ED25519_PREFIX.length + ED25519_LENGTH];
    System.arraycopy(ED25519_PREFIX, 0, spki, 0, ED25519_PREFIX.length);
    System.arraycopy(bytes, 0, spki, ED25519_PREFIX.length, ED25519_LENGTH);
    return ofSpki(spki);
  }

  /// The key at that point.
  ///
  /// @param curve the JDK's name, `secp384r1` for example
  public static CoseKey ofPoint(String curve, byte[] x, byte[] y) throws MalformedCoseException {
    ECParameterSpec parameters = parameters(curve);
    int length = (parameters.getCurve().getField().getFieldSize() + 7) / 8;
    if (x.length != length || y.length != length) {
      throw new MalformedCoseException(
          "point on %s: coordinates of %d and %d bytes (expected: %d)"
              .formatted(curve, x.length, y.length, length));
    }
    BigInteger p = ((java.security.spec.ECFieldFp) parameters.getCurve().getField()).getP();
    BigInteger pointX = new BigInteger(1, x);
    BigInteger pointY = new BigInteger(1, y);
    // y^2 = x^3 + ax + b mod p: not every check with a key looks.
    BigInteger right =
        pointX
            .pow(3)
            .add(parameters.getCurve().getA().multiply(pointX))
            .add(parameters.getCurve().getB())
            .mod(p);
    if (pointX.compareTo(p) >= 0
        || pointY.compareTo(p) >= 0
        || !pointY.multiply(pointY).mod(p).equals(right)) {
      throw new MalformedCoseException("point on %s: not on the curve".formatted(curve));
    }
    try {
      return of(
          KeyFactory.getInstance("EC")
              .generatePublic(new ECPublicKeySpec(new ECPoint(pointX, pointY), parameters)));
    } catch (GeneralSecurityException | ProviderException e) {
      throw new MalformedCoseException("point on %s: no key".formatted(curve), e);
    }
  }

  private static ECParameterSpec parameters(String curve) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(curve));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + curve, e);
    }
  }

  /// SHA-256 of the SubjectPublicKeyInfo.
  public Hash spkiSha256() {
    return Hash.ofData(key.getEncoded());
  }

  /// A copy of the SubjectPublicKeyInfo in DER.
  public byte[] toSpki() {
    return key.getEncoded().clone();
  }

  /// The thumbprint of RFC 9679 section 4: SHA-256 of the COSE_Key with its required parameters
  /// only. Of an RSA key, which has none here, the SHA-256 of the SubjectPublicKeyInfo.
  public Hash thumbprint() {
    return switch (key) {
      case ECPublicKey point -> {
        long curve = coordinate == 32 ? 1 : coordinate == 48 ? 2 : 3;
        CborWriter map = new CborWriter().map(4).integer(1).integer(2).integer(-1).integer(curve);
        map.integer(-2).bytes(fixed(point.getW().getAffineX()));
        map.integer(-3).bytes(fixed(point.getW().getAffineY()));
        yield Hash.ofData(map.toBytes());
      }
      case EdECPublicKey edwards -> {
        byte[] spki = edwards.getEncoded();
        byte[] raw = java.util.Arrays.copyOfRange(spki, spki.length - ED25519_LENGTH, spki.length);
        yield Hash.ofData(
            new CborWriter()
                .map(3)
                .integer(1)
                .integer(1)
                .integer(-1)
                .integer(6)
                .integer(-2)
                .bytes(raw)
                .toBytes());
      }
      default -> spkiSha256();
    };
  }

  private byte[] fixed(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[coordinate];
    int length = Math.min(bytes.length, coordinate);
    System.arraycopy(bytes, bytes.length - length, fixed, coordinate - length, length);
    return fixed;
  }

  /// Whether the key is on P-384, the curve of CCF's services.
  boolean isP384() {
    return coordinate == 48;
  }

  /// Whether `signature` is the key's over `message` by this algorithm. An elliptic curve may go
  /// with any of the hashes (RFC 9053 section 2.1).
  boolean signed(CoseAlgorithm algorithm, byte[] message, byte[] signature) {
    boolean fits =
        switch (key) {
          case ECPublicKey _ ->
              algorithm.family().equals("EC") && signature.length == 2 * coordinate;
          case RSAPublicKey _ -> algorithm.family().equals("RSA");
          default -> algorithm == CoseAlgorithm.EDDSA;
        };
    if (!fits) {
      return false;
    }
    try {
      Signature verifier = verifier(algorithm);
      verifier.initVerify(key instanceof ECPublicKey ? fastKey() : key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | ProviderException _) {
      // Bytes that have not the shape of a signature; providers throw the second kind, unchecked,
      // for some of them.
      return false;
    }
  }

  /// Bouncy Castle, which takes a sixth of the JDK's time for a signature on P-384; loaded with the
  /// first one.
  private static final class Fast {
    private static final Provider PROVIDER = new BouncyCastleProvider();
  }

  /// A point in the form of the provider that verifies with it.
  private PublicKey fastKey() throws GeneralSecurityException {
    PublicKey known = fast;
    if (known == null) {
      known =
          KeyFactory.getInstance("EC", Fast.PROVIDER)
              .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
      fast = known;
    }
    return known;
  }

  private static Signature verifier(CoseAlgorithm algorithm) throws GeneralSecurityException {
    return switch (algorithm.family()) {
      case "EC" ->
          Signature.getInstance(
              algorithm.hash().replace("-", "") + "withPLAIN-ECDSA", Fast.PROVIDER);
      case "RSA" -> {
        Signature pss = Signature.getInstance("RSASSA-PSS");
        int salt = Integer.parseInt(algorithm.hash().substring(4)) / 8;
        pss.setParameter(
            new PSSParameterSpec(
                algorithm.hash(), "MGF1", new MGF1ParameterSpec(algorithm.hash()), salt, 1));
        yield pss;
      }
      default -> Signature.getInstance("Ed25519");
    };
  }

  /// Same key.
  @Override
  public boolean equals(Object other) {
    return other instanceof CoseKey that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /// The fingerprint, for a debugger or a failed test.
  @Override
  public String toString() {
    return "CoseKey[" + spkiSha256() + "]";
  }
}
