package dev.sigwarden.entry.openpgp;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner.PgpKey;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.entry.x509.Spki;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.jspecify.annotations.Nullable;

/// The body of a public key or subkey packet. RFC 9580 section 5.5.2. Versions 4, 5 (which GnuPG
/// writes for some keys) and 6.
///
/// @param key what identifies it
/// @param isCheckable whether its signatures may be checked: a kind and size of which a check is
///   cheap
record KeyPacket(PgpKey key, boolean isCheckable) {
  /// The longest body in bytes: RSA with 16384 bits has 2 KB, SLH-DSA and ML-DSA keys 3 KB.
  static final int MAX_BYTES = 8_192;

  /// The largest RSA modulus in bits of which a signature is checked: about a millisecond.
  private static final int MAX_RSA_BITS = 8_192;

  /// The largest RSA exponent in bits; 17 is usual, and the cost grows with it.
  private static final int MAX_RSA_EXPONENT_BITS = 33;

  /// The largest DSA prime in bits of which a signature is checked; FIPS 186-4 ends at 3072.
  private static final int MAX_DSA_BITS = 3_072;

  /// 1.3.6.1.4.1.11591.15.1, Ed25519 as version 4 keys name it. RFC 9580 section 9.2.
  private static final String ED25519_LEGACY = "1.3.6.1.4.1.11591.15.1";

  /// Reads the body in `[from, to)` of `bytes`.
  static KeyPacket read(byte[] bytes, int from, int to) throws MalformedSignerException {
    if (to - from > MAX_BYTES || to - from < 6) {
      throw new MalformedSignerException(
          "OpenPGP key: a key of %d bytes (expected: 6 to %d)".formatted(to - from, MAX_BYTES));
    }
    int version = bytes[from];
    if (version < 4 || version > 6) {
      throw new MalformedSignerException(
          "OpenPGP key: version %d (expected: 4, 5 or 6)".formatted(version));
    }
    Material material = new Material(bytes, from + (version == 4 ? 6 : 10), to);
    int algorithm = bytes[from + 5] & 0xff;
    byte[] spki = material.spki(algorithm);
    if (spki != null && material.position != to) {
      throw new MalformedSignerException(
          "OpenPGP key: %d bytes follow a key".formatted(to - material.position));
    }
    KeyId id = new KeyId(KeyId.Scheme.PGP, fingerprint(version, bytes, from, to));
    if (spki == null) {
      Digest body = Digest.sha256(bytes, from, to - from);
      return new KeyPacket(new PgpKey(id, body, "OpenPGP algorithm " + algorithm), false);
    }
    KeySigner plain = PublicKeys.read(spki, null);
    return new KeyPacket(new PgpKey(id, plain.keySha256(), plain.keyType()), material.isCheckable);
  }

  /// RFC 9580 section 5.5.4, and for version 5 draft-koch-librepgp section 12.2.
  private static String fingerprint(int version, byte[] bytes, int from, int to) {
    try {
      MessageDigest hash = MessageDigest.getInstance(version == 4 ? "SHA-1" : "SHA-256");
      int length = to - from;
      switch (version) {
        case 4 -> hash.update((byte) 0x99);
        case 5 -> hash.update((byte) 0x9a);
        default -> hash.update((byte) 0x9b);
      }
      if (version != 4) {
        hash.update((byte) (length >> 24));
        hash.update((byte) (length >> 16));
      }
      hash.update((byte) (length >> 8));
      hash.update((byte) length);
      hash.update(bytes, from, length);
      return HexFormat.of().formatHex(hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1 and SHA-256", e);
    }
  }

  /// The numbers that a key consists of. RFC 9580 section 5.5.5. Owned by the thread that reads.
  private static final class Material {
    private final byte[] bytes;
    private final int end;
    private int position;
    private boolean isCheckable;

    Material(byte[] bytes, int from, int to) throws MalformedSignerException {
      this.bytes = bytes;
      this.position = from;
      this.end = to;
      if (from > to) {
        throw cut();
      }
    }

    /// The key's SubjectPublicKeyInfo; null for a kind of key that has none, or only encrypts.
    byte @Nullable [] spki(int algorithm) throws MalformedSignerException {
      return switch (algorithm) {
        case 1, 2, 3 -> rsa();
        case 17 -> dsa();
        case 19 -> ecdsa();
        case 22 -> eddsa();
        case 27 -> {
          isCheckable = true;
          yield Spki.ed25519(take(32));
        }
        case 28 -> Spki.ed448(take(57));
        default -> null;
      };
    }

    private byte[] rsa() throws MalformedSignerException {
      BigInteger modulus = number();
      BigInteger exponent = number();
      isCheckable =
          modulus.bitLength() <= MAX_RSA_BITS && exponent.bitLength() <= MAX_RSA_EXPONENT_BITS;
      return Spki.rsa(modulus, exponent);
    }

    private byte[] dsa() throws MalformedSignerException {
      BigInteger p = number();
      BigInteger q = number();
      BigInteger g = number();
      BigInteger y = number();
      isCheckable = p.bitLength() <= MAX_DSA_BITS && q.bitLength() <= 256;
      return Spki.dsa(p, q, g, y);
    }

    private byte[] ecdsa() throws MalformedSignerException {
      String curve = oid();
      byte[] point = mpi();
      isCheckable = Spki.isNistCurve(curve);
      return Spki.ec(curve, point);
    }

    private byte @Nullable [] eddsa() throws MalformedSignerException {
      String curve = oid();
      byte[] point = mpi();
      if (!curve.equals(ED25519_LEGACY)) {
        return null;
      }
      if (point.length != 33 || point[0] != 0x40) {
        throw new MalformedSignerException(
            "OpenPGP key: an Ed25519 point of %d bytes (expected: 0x40 and 32 more)"
                .formatted(point.length));
      }
      isCheckable = true;
      return Spki.ed25519(Arrays.copyOfRange(point, 1, 33));
    }

    private String oid() throws MalformedSignerException {
      byte[] contents = take(take(1)[0] & 0xff);
      try {
        return ASN1ObjectIdentifier.fromContents(contents).getId();
      } catch (IllegalArgumentException _) {
        throw new MalformedSignerException("OpenPGP key: a curve that is no identifier");
      }
    }

    private BigInteger number() throws MalformedSignerException {
      BigInteger number = new BigInteger(1, mpi());
      if (number.signum() == 0) {
        throw new MalformedSignerException("OpenPGP key: a number that is zero");
      }
      return number;
    }

    /// RFC 9580 section 3.2: two bytes that count bits, then as many bits.
    private byte[] mpi() throws MalformedSignerException {
      byte[] count = take(2);
      int bits = (count[0] & 0xff) << Byte.SIZE | (count[1] & 0xff);
      return take((bits + 7) / Byte.SIZE);
    }

    private byte[] take(int count) throws MalformedSignerException {
      if (count > end - position) {
        throw cut();
      }
      position += count;
      return Arrays.copyOfRange(bytes, position - count, position);
    }

    private static MalformedSignerException cut() {
      return new MalformedSignerException("OpenPGP key: a key that is cut");
    }
  }
}
