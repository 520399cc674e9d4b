package dev.sigwarden.note;

import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A key that verifies note signatures, as a vkey writes it: `name+hash+base64(type || key)`. Types
/// 0x01, 0x02, 0x04, 0x05 and 0x06. Immutable. c2sp.org/signed-note#verifier-keys.
public final class VerifierKey {
  /// The longest vkey read, in characters: one of ML-DSA-44 has about 1,800.
  public static final int MAX_CHARS = 8_192;

  private static final int ED25519_BYTES = 32;
  private static final int ML_DSA_44_BYTES = 1_312;

  /// RFC 6962 section 2.1.4 asks for at least 2,048 bits; longer ones than 8,192 only cost time.
  private static final int MIN_RSA_BITS = 2_048;

  private static final int MAX_RSA_BITS = 8_192;

  /// SubjectPublicKeyInfo around a raw Ed25519 key. RFC 8410 section 4.
  private static final byte[] ED25519_SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  /// SubjectPublicKeyInfo around a raw ML-DSA-44 key. RFC 9881 section 4.
  private static final byte[] ML_DSA_44_SPKI =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  private final String name;
  private final SignatureType type;
  private final byte[] key;
  private final PublicKey publicKey;
  private final int keyId;
  private final int printedId;

  private VerifierKey(
      String name, SignatureType type, byte[] key, PublicKey publicKey, int keyId, int printedId) {
    this.name = name;
    this.type = type;
    this.key = key;
    this.publicKey = publicKey;
    this.keyId = keyId;
    this.printedId = printedId;
  }

  /// Reads a vkey. The key id is computed; for types 0x01 and 0x02 it must equal the printed one,
  /// for the others many published keys print a wrong one: see `printedIdDiffers`.
  public static VerifierKey parse(String vkey) throws MalformedNoteException {
    if (vkey.length() > MAX_CHARS) {
      throw new MalformedNoteException(
          "vkey: %d characters (expected: at most %d)".formatted(vkey.length(), MAX_CHARS));
    }
    int first = vkey.indexOf('+');
    int second = vkey.indexOf('+', first + 1);
    if (first < 0 || second < 0) {
      throw new MalformedNoteException(
          "vkey: " + Strict.excerpt(vkey) + " (expected: name+hash+base64)");
    }
    int printedId = keyId(vkey.substring(first + 1, second));
    byte[] typed = Strict.base64(vkey.substring(second + 1));
    if (typed.length == 0) {
      throw new MalformedNoteException("vkey: 0 bytes of key (expected: type and key)");
    }
    SignatureType type =
        SignatureType.ofCode(Byte.toUnsignedInt(typed[0]))
            .orElseThrow(() ->
                new MalformedNoteException(
                    "vkey of type 0x%02x (expected: 01, 02, 04, 05 or 06)".formatted(typed[0])));
    byte[] key = Arrays.copyOfRange(typed, 1, typed.length);
    VerifierKey parsed = of(vkey.substring(0, first), type, key).printedAs(printedId);
    boolean exact = type == SignatureType.ED25519 || type == SignatureType.ECDSA;
    if (exact && parsed.printedIdDiffers()) {
      throw new MalformedNoteException(
          "vkey: its name, hash and key do not belong together; copy it again, whole");
    }
    return parsed;
  }

  /// The key of that name and type.
  ///
  /// @param key in the form that the type's documentation names
  public static VerifierKey of(String name, SignatureType type, byte[] key)
      throws MalformedNoteException {
    Strict.keyName(name);
    byte[] copy = key.clone();
    PublicKey publicKey =
        switch (type) {
          case ED25519, COSIGNATURE -> raw("Ed25519", ED25519_SPKI, copy, ED25519_BYTES);
          case ML_DSA_44_COSIGNATURE -> raw("ML-DSA-44", ML_DSA_44_SPKI, copy, ML_DSA_44_BYTES);
          case ECDSA -> decode("EC", copy);
          case RFC6962_TREE_HEAD -> treeHeadKey(copy);
        };
    int keyId = keyId(name, type, copy);
    return new VerifierKey(name, type, copy, publicKey, keyId, keyId);
  }

  /// The key as a log signs checkpoints with it: an Ed25519 key is of type 0x01, one on an elliptic
  /// curve of type 0x02.
  ///
  /// @throws MalformedNoteException if no checkpoint is signed with keys of that kind
  public static VerifierKey of(String name, PublicKey key) throws MalformedNoteException {
    byte[] spki = key.getEncoded();
    return switch (key.getAlgorithm()) {
      case "EC" -> of(name, SignatureType.ECDSA, spki);
      case "EdDSA" ->
          of(
              name,
              SignatureType.ED25519,
              Arrays.copyOfRange(spki, ED25519_SPKI.length, spki.length));
      default ->
          throw new MalformedNoteException(
              "a key of kind %s (expected: Ed25519 or ECDSA)".formatted(key.getAlgorithm()));
    };
  }

  private VerifierKey printedAs(int id) {
    return new VerifierKey(name, type, key, publicKey, keyId, id);
  }

  private static PublicKey raw(String algorithm, byte[] prefix, byte[] key, int length)
      throws MalformedNoteException {
    if (key.length != length) {
      throw new MalformedNoteException(
          "%s key: %d bytes (expected: %d)".formatted(algorithm, key.length, length));
    }
    return decode(
        algorithm, ByteBuffer.allocate(prefix.length + length).put(prefix).put(key).array());
  }

  private static PublicKey treeHeadKey(byte[] spki) throws MalformedNoteException {
    try {
      return decode("EC", spki);
    } catch (MalformedNoteException e) {
      PublicKey key = decode("RSA", spki);
      int bits = key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 0;
      if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
        throw new MalformedNoteException(
            "RSA key: %d bits (expected: %d to %d)".formatted(bits, MIN_RSA_BITS, MAX_RSA_BITS), e);
      }
      return key;
    }
  }

  private static PublicKey decode(String algorithm, byte[] spki) throws MalformedNoteException {
    try {
      return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
    } catch (InvalidKeySpecException e) {
      throw new MalformedNoteException(algorithm + " key cannot be decoded", e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + algorithm, e);
    }
  }

  /// The key id as each type defines it. c2sp.org/signed-note#signatures; for 0x02 what Rekor and
  /// Pixel do: a hash of the key alone; for 0x05 the log id stands for the key.
  private static int keyId(String name, SignatureType type, byte[] key) {
    if (type == SignatureType.ECDSA) {
      return firstFour(key);
    }
    ByteArrayOutputStream hashed = new ByteArrayOutputStream();
    hashed.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    hashed.write('\n');
    hashed.write(type.code());
    boolean tree = type == SignatureType.RFC6962_TREE_HEAD;
    hashed.writeBytes(tree ? Hash.ofData(key).toBytes() : key);
    return firstFour(hashed.toByteArray());
  }

  private static int firstFour(byte[] data) {
    return ByteBuffer.wrap(Hash.ofData(data).toBytes()).getInt();
  }

  private static int keyId(String hex) throws MalformedNoteException {
    try {
      if (hex.length() == 8) {
        return HexFormat.fromHexDigits(hex);
      }
    } catch (NumberFormatException e) {
      throw new MalformedNoteException("key id of vkey: " + Strict.excerpt(hex), e);
    }
    throw new MalformedNoteException(
        "key id of vkey: " + Strict.excerpt(hex) + " (expected: 8 hex digits)");
  }

  /// The same key as a witness signs with it: type 0x04 for a key of type 0x01, as most witnesses
  /// publish theirs; the key itself for types 0x04 and 0x06.
  ///
  /// @throws MalformedNoteException if no witness signs with keys of this type
  public VerifierKey asWitness() throws MalformedNoteException {
    return switch (type) {
      case ED25519 -> of(name, SignatureType.COSIGNATURE, key);
      case COSIGNATURE, ML_DSA_44_COSIGNATURE -> this;
      case ECDSA, RFC6962_TREE_HEAD ->
          throw new MalformedNoteException(
              "witness key of type 0x%02x (expected: 01, 04 or 06)".formatted(type.code()));
    };
  }

  /// The key name.
  public String name() {
    return name;
  }

  /// The signature type, one byte.
  public int type() {
    return type.code();
  }

  /// The signature type.
  public SignatureType signatureType() {
    return type;
  }

  /// The key id that its signatures carry.
  public int keyId() {
    return keyId;
  }

  /// Whether the vkey printed another key id than the one computed, which is the one used.
  public boolean printedIdDiffers() {
    return printedId != keyId;
  }

  /// A copy of the key's bytes, in the form that the type's documentation names.
  public byte[] toBytes() {
    return key.clone();
  }

  PublicKey publicKey() {
    return publicKey;
  }

  /// Same name, type and key.
  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return keyId;
  }

  /// The vkey text, with the computed key id.
  @Override
  public String toString() {
    byte[] typed = ByteBuffer.allocate(1 + key.length).put((byte) type.code()).put(key).array();
    return "%s+%08x+%s".formatted(name, keyId, Base64.getEncoder().encodeToString(typed));
  }
}
