package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.entry.x509.Spki;
import dev.sigwarden.text.Sanitizer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads public keys as TUF metadata holds them into signers: `{"keytype": …, "scheme": …,
/// "keyval": {"public": …}}`, the key in PEM or hex. TUF specification 1.0, section 4.2.
public final class TufKeys {
  /// The longest kind of key shown in code points.
  private static final int MAX_SHOWN = 40;

  private static final String ED25519 = "ed25519";

  private TufKeys() {}

  /// The signer with the key that the JSON object `key` is.
  ///
  /// @param keyId what the metadata calls it; null for a key by itself
  /// @throws MalformedSignerException if it is of a kind that is known and is no such key. A key of
  ///   another kind is known by the SHA-256 of the object as it stands
  public static KeySigner read(@Nullable String keyId, EntryBytes key)
      throws MalformedJsonException, MalformedSignerException {
    String type = "";
    String value = null;
    try (JsonCursor json = JsonCursor.open(key.buffer(), key.offset(), key.length())) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "keytype" -> type = json.text();
          case "keyval" -> value = publicValue(json);
          default -> json.skip();
        }
      }
      json.end();
    }
    List<KeyId> ids = keyId == null ? List.of() : List.of(new KeyId(KeyId.Scheme.TUF, keyId));
    Signer signer = value == null ? null : signer(type, value);
    if (signer == null) {
      return new KeySigner(
          Digest.sha256(key.buffer(), key.offset(), key.length()),
          "TUF " + Sanitizer.clean(type, MAX_SHOWN),
          ids);
    }
    String known = signer instanceof KeySigner one ? one.keyType() : "certificate";
    return new KeySigner(signer.keySha256(), known, ids);
  }

  private static @Nullable String publicValue(JsonCursor json) throws MalformedJsonException {
    String value = null;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("public")) {
        value = json.text();
      } else {
        json.skip();
      }
    }
    return value;
  }

  /// The signer; null if the key is of a kind that is not known.
  private static @Nullable Signer signer(String type, String value)
      throws MalformedSignerException {
    if (value.contains("-----BEGIN ")) {
      return Pem.signer(value.getBytes(UTF_8));
    }
    boolean ec = type.startsWith("ecdsa");
    if (!ec && !type.equals(ED25519)) {
      return null;
    }
    byte[] key;
    try {
      key = HexFormat.of().parseHex(value);
    } catch (IllegalArgumentException _) {
      throw new MalformedSignerException(
          "TUF key: %s of %d characters (expected: PEM or hex)"
              .formatted(ec ? "a point" : ED25519, value.length()));
    }
    if (!ec) {
      if (key.length != 32) {
        throw new MalformedSignerException(
            "TUF key: ed25519 with %d bytes (expected: 32)".formatted(key.length));
      }
      return PublicKeys.read(Spki.ed25519(key), null);
    }
    String curve =
        switch (key.length) {
          case 65 -> "nistp256";
          case 97 -> "nistp384";
          case 133 -> "nistp521";
          default -> "";
        };
    if (curve.isEmpty() || key[0] != 4) {
      throw new MalformedSignerException(
          "TUF key: a point of %d bytes (expected: 65, 97 or 133, uncompressed)"
              .formatted(key.length));
    }
    return PublicKeys.read(Spki.ec(Spki.curve(curve).orElseThrow(), key), null);
  }
}
