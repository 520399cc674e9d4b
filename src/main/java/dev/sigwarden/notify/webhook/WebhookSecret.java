package dev.sigwarden.notify.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A Standard Webhooks key for symmetric signatures: `whsec_` and base64 of 24 to 64 bytes.
final class WebhookSecret {
  static final String EXPECTED = "whsec_ and base64 of 24 to 64 bytes";
  private static final String PREFIX = "whsec_";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;
  private static final String HMAC = "HmacSHA256";

  private final byte[] key;

  private WebhookSecret(byte[] key) {
    this.key = key;
  }

  /// The key that the text stands for; empty if it is none.
  static Optional<WebhookSecret> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return key.length < MIN_BYTES || key.length > MAX_BYTES
          ? Optional.empty()
          : Optional.of(new WebhookSecret(key));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Whether the text stands for a key.
  static boolean isKey(String text) {
    return parse(text).isPresent();
  }

  /// The signature of a post: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
  ///
  /// @param id the value of `webhook-id`, without dots
  /// @param timestamp the value of `webhook-timestamp`, seconds since 1970
  /// @param body the exact bytes sent
  String sign(String id, long timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HMAC + ": missing (every JDK has it)", e);
    }
  }
}
