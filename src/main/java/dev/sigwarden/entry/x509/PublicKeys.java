package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.BIT_STRING;
import static dev.sigwarden.entry.der.DerReader.INTEGER;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) into signers. The key itself is not
/// checked: only its bytes identify it.
public final class PublicKeys {
  private static final String RSA = "1.2.840.113549.1.1.1";
  private static final String EC = "1.2.840.10045.2.1";

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("1.3.101.112", "Ed25519"),
          Map.entry("1.3.101.113", "Ed448"),
          Map.entry("1.2.840.10040.4.1", "DSA"),
          Map.entry("1.2.840.113549.1.1.10", "RSA-PSS"),
          Map.entry("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
          Map.entry("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
          Map.entry("2.16.840.1.101.3.4.3.19", "ML-DSA-87"));

  private static final Map<String, String> CURVES =
      Map.of(
          "1.2.840.10045.3.1.7", "P-256",
          "1.3.132.0.34", "P-384",
          "1.3.132.0.35", "P-521",
          "1.3.132.0.10", "secp256k1");

  /// SEQUENCE { rsaEncryption, NULL }: what a PKCS #1 key lacks to be a SubjectPublicKeyInfo.
  private static final byte[] RSA_ALGORITHM = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  private PublicKeys() {}

  /// The signer with the key that `spki` is.
  ///
  /// @param type the kind of key as the entry says; null to tell it from the algorithm: `EC P-256`,
  ///   `RSA 4096`, `Ed25519`, or a dotted OID
  /// @throws MalformedSignerException if it is no SubjectPublicKeyInfo in DER and nothing else
  public static KeySigner read(byte[] spki, @Nullable String type) throws MalformedSignerException {
    try {
      check(spki, 0, spki.length);
      return new KeySigner(Digest.sha256(spki, 0, spki.length), type == null ? type(spki) : type);
    } catch (MalformedDerException e) {
      throw malformed(spki, e);
    }
  }

  /// The signer with the RSA key that `pkcs1` is (RFC 8017 appendix A.1.1), identified by the
  /// SubjectPublicKeyInfo that holds the same key.
  ///
  /// @throws MalformedSignerException if it is no RSAPublicKey in DER and nothing else
  static KeySigner readPkcs1(byte[] pkcs1) throws MalformedSignerException {
    try {
      DerReader key = new DerReader(pkcs1, 0, pkcs1.length).expect(SEQUENCE, "RSAPublicKey");
      key.inside().expect(INTEGER, "modulus").expect(INTEGER, "publicExponent");
      if (key.left() > 0) {
        throw new MalformedDerException("%d bytes follow the key".formatted(key.left()));
      }
    } catch (MalformedDerException e) {
      throw malformed(pkcs1, e);
    }
    byte[] bits = new byte[pkcs1.length + 1];
    System.arraycopy(pkcs1, 0, bits, 1, pkcs1.length);
    byte[] bitString = element(BIT_STRING, bits);
    byte[] both = new byte[RSA_ALGORITHM.length + bitString.length];
    System.arraycopy(RSA_ALGORITHM, 0, both, 0, RSA_ALGORITHM.length);
    System.arraycopy(bitString, 0, both, RSA_ALGORITHM.length, bitString.length);
    return read(element(SEQUENCE, both), null);
  }

  /// The SubjectPublicKeyInfo in a certificate.
  ///
  /// @throws MalformedSignerException if it cannot be reached
  public static byte[] inCertificate(byte[] der) throws MalformedSignerException {
    try {
      DerReader tbs =
          new DerReader(der, 0, der.length)
              .expect(SEQUENCE, "certificate")
              .inside()
              .expect(SEQUENCE, "tbsCertificate")
              .inside();
      if (tbs.next() && tbs.tag() != INTEGER) {
        tbs.expect(INTEGER, "serialNumber");
      }
      tbs.expect(SEQUENCE, "signature algorithm").expect(SEQUENCE, "issuer");
      tbs.expect(SEQUENCE, "validity").expect(SEQUENCE, "subject");
      tbs.expect(SEQUENCE, "subjectPublicKeyInfo");
      check(der, tbs.start(), tbs.to());
      return Arrays.copyOfRange(der, tbs.start(), tbs.to());
    } catch (MalformedDerException e) {
      throw malformed(der, e);
    }
  }

  /// Checks that `[from, to)` of `der` is SEQUENCE { SEQUENCE { OID, any }, BIT STRING } and
  /// nothing else.
  static void check(byte[] der, int from, int to) throws MalformedDerException {
    DerReader outer = new DerReader(der, from, to).expect(SEQUENCE, "SubjectPublicKeyInfo");
    DerReader inside = outer.inside().expect(SEQUENCE, "algorithm");
    inside.inside().expect(OBJECT_IDENTIFIER, "algorithm identifier");
    inside.expect(BIT_STRING, "subjectPublicKey");
    if (outer.left() + inside.left() > 0) {
      throw new MalformedDerException(
          "%d bytes follow the key".formatted(outer.left() + inside.left()));
    }
  }

  /// The kind of key in words, of a SubjectPublicKeyInfo that was checked.
  private static String type(byte[] spki) throws MalformedDerException {
    DerReader inside = new DerReader(spki, 0, spki.length).expect(SEQUENCE, "key").inside();
    DerReader algorithm = inside.expect(SEQUENCE, "algorithm").inside();
    algorithm.expect(OBJECT_IDENTIFIER, "algorithm identifier");
    String oid = Oids.dotted(spki, algorithm.from(), algorithm.to());
    inside.expect(BIT_STRING, "subjectPublicKey");
    return switch (oid) {
      case EC -> {
        if (!algorithm.next() || algorithm.tag() != OBJECT_IDENTIFIER) {
          yield "EC with parameters of its own";
        }
        String curve = Oids.dotted(spki, algorithm.from(), algorithm.to());
        yield "EC " + CURVES.getOrDefault(curve, curve);
      }
      case RSA -> rsa(spki, inside);
      default -> NAMES.getOrDefault(oid, oid);
    };
  }

  private static String rsa(byte[] spki, DerReader bits) {
    try {
      // The BIT STRING's first byte counts unused bits.
      DerReader modulus =
          new DerReader(spki, bits.from() + 1, bits.to())
              .expect(SEQUENCE, "RSAPublicKey")
              .inside()
              .expect(INTEGER, "modulus");
      int from = modulus.from();
      while (from < modulus.to() && spki[from] == 0) {
        from++;
      }
      if (from < modulus.to()) {
        int top = Integer.SIZE - Integer.numberOfLeadingZeros(spki[from] & 0xff);
        return "RSA " + ((modulus.to() - from - 1) * Byte.SIZE + top);
      }
    } catch (MalformedDerException _) {
      // Its size cannot be told; the key is still identified by its bytes.
    }
    return "RSA";
  }

  private static byte[] element(int tag, byte[] contents) {
    int length = contents.length;
    int lengthBytes = 0;
    if (length >= 0x80) {
      lengthBytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / Byte.SIZE;
    }
    byte[] element = new byte[2 + lengthBytes + length];
    element[0] = (byte) tag;
    element[1] = (byte) (lengthBytes == 0 ? length : 0x80 | lengthBytes);
    for (int i = 0; i < lengthBytes; i++) {
      element[2 + i] = (byte) (length >>> (8 * (lengthBytes - 1 - i)));
    }
    System.arraycopy(contents, 0, element, 2 + lengthBytes, length);
    return element;
  }

  private static MalformedSignerException malformed(byte[] key, MalformedDerException e) {
    return new MalformedSignerException(
        "public key of %d bytes: ".formatted(key.length) + e.getMessage());
  }
}
