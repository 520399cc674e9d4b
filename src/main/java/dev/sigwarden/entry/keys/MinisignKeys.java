package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.entry.x509.Spki;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Reads public keys of minisign (jedisct1.github.io/minisign, "Public key format") and OpenBSD's
/// signify, which share one form: base64 of `Ed`, 8 bytes of key id, and an Ed25519 key, perhaps
/// below a comment line. Rekor also has bare Ed25519 keys, in 32 bytes or their base64.
public final class MinisignKeys {
  /// The longest text in bytes: a comment line of 1024 and the key.
  static final int MAX_BYTES = 2_048;

  private static final int ID_BYTES = 8;
  private static final int KEY_BYTES = 32;
  private static final int FULL_BYTES = 2 + ID_BYTES + KEY_BYTES;

  private static final String COMMENT = "untrusted comment:";

  private MinisignKeys() {}

  /// Whether the text starts as a key file of minisign or signify does.
  public static boolean hasComment(String text) {
    return text.startsWith(COMMENT);
  }

  /// The signer with the key in the text.
  ///
  /// @throws MalformedSignerException if it is no such key, or more than one
  public static KeySigner read(byte[] text) throws MalformedSignerException {
    if (text.length == KEY_BYTES) {
      return bare(text);
    }
    byte[] key = decode(text);
    if (key.length == KEY_BYTES) {
      return bare(key);
    }
    Full full = full(key);
    return signer(full.key(), List.of(new KeyId(KeyId.Scheme.MINISIGN, id(full.id))));
  }

  /// The key itself, for whoever checks its signatures; never a bare one.
  ///
  /// @throws MalformedSignerException as above
  public static Full readFull(byte[] text) throws MalformedSignerException {
    return full(decode(text));
  }

  /// A key with the id that its signatures name.
  public static final class Full {
    private final byte[] id;
    private final byte[] key;

    private Full(byte[] id, byte[] key) {
      this.id = id;
      this.key = key;
    }

    /// The id as signatures hold it, 8 bytes.
    byte[] id() {
      return id.clone();
    }

    /// The Ed25519 key, 32 bytes.
    byte[] key() {
      return key.clone();
    }
  }

  private static Full full(byte[] key) throws MalformedSignerException {
    if (key.length != FULL_BYTES || key[0] != 'E' || key[1] != 'd') {
      throw malformed(key.length + " bytes");
    }
    return new Full(
        Arrays.copyOfRange(key, 2, 2 + ID_BYTES),
        Arrays.copyOfRange(key, FULL_BYTES - KEY_BYTES, FULL_BYTES));
  }

  private static byte[] decode(byte[] text) throws MalformedSignerException {
    if (text.length > MAX_BYTES) {
      throw malformed(text.length + " bytes");
    }
    String line = new String(text, ISO_8859_1).strip();
    if (hasComment(line)) {
      int end = line.indexOf('\n');
      line = end < 0 ? "" : line.substring(end + 1).strip();
    }
    try {
      return Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException _) {
      throw malformed("no base64");
    }
  }

  private static KeySigner bare(byte[] key) throws MalformedSignerException {
    return signer(key, List.of());
  }

  private static KeySigner signer(byte[] key, List<KeyId> ids) throws MalformedSignerException {
    KeySigner plain = PublicKeys.read(Spki.ed25519(key), null);
    return new KeySigner(plain.keySha256(), plain.keyType(), ids);
  }

  /// The id is a number in little-endian order; minisign prints it in hex.
  private static String id(byte[] key) {
    byte[] id = new byte[ID_BYTES];
    for (int i = 0; i < ID_BYTES; i++) {
      id[i] = key[ID_BYTES - 1 - i];
    }
    return HexFormat.of().withUpperCase().formatHex(id);
  }

  private static MalformedSignerException malformed(String found) {
    return new MalformedSignerException(
        "minisign key: %s (expected: base64 of 42 bytes that start with Ed)".formatted(found));
  }
}
