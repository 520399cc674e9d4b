package dev.sigwarden.notify.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key of Standard Webhooks 1.0.0: `whsec_` and base64 of 24 to 64 bytes for symmetric
/// signatures, or `whsk_` and base64 of an Ed25519 key, the 32 bytes of its seed or these and the
/// 32 of its public key, for signatures that a receiver can check and not make.
final class WebhookKey {
  static final String EXPECTED =
      "whsec_ and base64 of 24 to 64 bytes, or whsk_ and base64 of an Ed25519 key";
  private static final String SYMMETRIC = "whsec_";
  private static final String ASYMMETRIC = "whsk_";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;

  /// Bytes of the seed of an Ed25519 key. RFC 8032 section 5.1.5.
  private static final int SEED = 32;

  private static final String HMAC = "HmacSHA256";
  private static final String ED25519 = "Ed25519";

  private final boolean symmetric;
  private final byte[] key;

  private WebhookKey(boolean symmetric, byte[] key) {
    this.symmetric = symmetric;
    this.key = key;
  }

  /// The key that the text stands for; empty if it is none.
  static Optional<WebhookKey> parse(String text) {
    try {
      if (text.startsWith(SYMMETRIC)) {
        byte[] key = Base64.getDecoder().decode(text.substring(SYMMETRIC.length()));
        return key.length < MIN_BYTES || key.length > MAX_BYTES
            ? Optional.empty()
            : Optional.of(new WebhookKey(true, key));
      }
      if (text.startsWith(ASYMMETRIC)) {
        byte[] key = Base64.getDecoder().decode(text.substring(ASYMMETRIC.length()));
        return key.length != SEED && key.length != 2 * SEED
            ? Optional.empty()
            : Optional.of(new WebhookKey(false, Arrays.copyOf(key, SEED)));
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Whether the text stands for a key.
  static boolean isKey(String text) {
    return parse(text).isPresent();
  }

  /// The signature of a post, over `id.timestamp.body`: `v1,` and base64 of HMAC-SHA256, or `v1a,`
  /// and base64 of Ed25519.
  ///
  /// @param id the value of `webhook-id`, without dots
  /// @param timestamp the value of `webhook-timestamp`, seconds since 1970
  /// @param body the exact bytes sent
  String sign(String id, long timestamp, byte[] body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    try {
      byte[] signature = symmetric ? mac(head, body) : signature(head, body);
      return (symmetric ? "v1," : "v1a,") + Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC or Ed25519: missing (every JDK has them)", e);
    }
  }

  private byte[] mac(byte[] head, byte[] body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(key, HMAC));
    mac.update(head);
    return mac.doFinal(body);
  }

  private byte[] signature(byte[] head, byte[] body) throws GeneralSecurityException {
    PrivateKey secret =
        KeyFactory.getInstance(ED25519)
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key));
    Signature signature = Signature.getInstance(ED25519);
    signature.initSign(secret);
    signature.update(head);
    signature.update(body);
    return signature.sign();
  }
}
