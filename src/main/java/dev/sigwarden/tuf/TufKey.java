package dev.sigwarden.tuf;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A key of TUF metadata. TUF specification section 4.2.3: the schemes `ecdsa-sha2-nistp256`,
/// `ecdsa-sha2-nistp384`, `ed25519` and `rsassa-pss-sha256`; a key of another scheme is kept and
/// verifies nothing, so that a repository may bring new ones beside those we know.
final class TufKey {
  /// The longest public value in characters: an RSA key of 8,192 bits in PEM has under 1,500.
  private static final int MAX_PUBLIC = 8_192;

  /// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. RFC 8410.
  private static final String ED25519_SPKI = "302a300506032b6570032100";

  /// What stands before the 65 bytes of an uncompressed P-256 point, likewise. RFC 5480.
  private static final String P256_SPKI = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

  private static final String P384_SPKI = "3076301006072a8648ce3d020106052b81040022036200";

  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  private final String scheme;
  private final @Nullable PublicKey key;

  private TufKey(String scheme, @Nullable PublicKey key) {
    this.scheme = scheme;
    this.key = key;
  }

  static TufKey of(JsonObject json) throws RefusedException {
    String scheme = json.text("scheme");
    Optional<String> prefix =
        switch (scheme) {
          case "ecdsa-sha2-nistp256" -> Optional.of(P256_SPKI);
          case "ecdsa-sha2-nistp384" -> Optional.of(P384_SPKI);
          case "ed25519" -> Optional.of(ED25519_SPKI);
          case "rsassa-pss-sha256" -> Optional.of("");
          default -> Optional.empty();
        };
    if (prefix.isEmpty()) {
      return new TufKey(scheme, null);
    }
    JsonObject value = json.object("keyval");
    String text = value.text("public");
    if (text.length() > MAX_PUBLIC) {
      throw value.wrong("public", text.length() + " characters", "<= " + MAX_PUBLIC);
    }
    try {
      String family =
          switch (scheme) {
            case "ed25519" -> "Ed25519";
            case "rsassa-pss-sha256" -> "RSA";
            default -> "EC";
          };
      byte[] spki =
          text.startsWith("-----") ? pem(text) : HexFormat.of().parseHex(prefix.get() + text);
      return new TufKey(
          scheme, KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(spki)));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      throw value.wrong("public", "no key of scheme " + scheme, "a public key in PEM or hex");
    }
  }

  private static byte[] pem(String text) {
    String begin = "-----BEGIN PUBLIC KEY-----";
    String end = "-----END PUBLIC KEY-----";
    String bare = text.strip();
    if (!bare.startsWith(begin) || !bare.endsWith(end)) {
      throw new IllegalArgumentException("no PEM of a public key");
    }
    String base64 = bare.substring(begin.length(), bare.length() - end.length());
    return Base64.getDecoder().decode(base64.replaceAll("[\r\n]", ""));
  }

  /// What tells this key from others, whatever its id: the same key under two ids signs once.
  String identity() {
    return key == null ? "" : HexFormat.of().formatHex(key.getEncoded());
  }

  /// Whether `signature` is this key's over `message`.
  boolean verifies(byte[] message, byte[] signature) {
    if (key == null) {
      return false;
    }
    try {
      Signature verifier =
          switch (scheme) {
            case "ecdsa-sha2-nistp256" -> Signature.getInstance("SHA256withECDSA");
            case "ecdsa-sha2-nistp384" -> Signature.getInstance("SHA384withECDSA");
            case "ed25519" -> Signature.getInstance("Ed25519");
            case "rsassa-pss-sha256" -> Signature.getInstance("RSASSA-PSS");
            default ->
                throw new IllegalStateException(scheme.toLowerCase(Locale.ROOT) + " with a key");
          };
      if (scheme.startsWith("rsa")) {
        verifier.setParameter(PSS);
      }
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      // What the JDK throws for bytes that have not the shape of a signature.
      return false;
    }
  }
}
