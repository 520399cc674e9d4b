package dev.sigwarden.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookKeyTest {
  @Test
  void signs_as_the_standards_own_vector() throws IOException {
    JsonNode vectors =
        JsonMapper.builder()
            .build()
            .readTree(
                Vectors.dir("alert-schemas").resolve("standard-webhooks/vectors.json").toFile());
    Set<String> checked = new TreeSet<>();
    for (JsonNode vector : vectors) {
      String algorithm = vector.get("alg").textValue();
      String key = vector.path("secret").asText("");
      String signature =
          WebhookKey.parse(key)
              .orElseThrow()
              .sign(
                  vector.get("webhook-id").textValue(),
                  Long.parseLong(vector.get("webhook-timestamp").textValue()),
                  vector.get("body").textValue().getBytes(StandardCharsets.UTF_8));
      assertThat(signature).isEqualTo(vector.get("expected").textValue());
      checked.add(algorithm);
    }
    assertThat(checked).containsExactly("v1", "v1a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!"})
  void refuses_other_texts(String text) {
    assertThat(WebhookKey.parse(text)).isEmpty();
  }

  @Test
  void refuses_keys_shorter_than_24_and_longer_than_64_bytes() {
    assertThat(WebhookKey.parse(secret(23))).isEmpty();
    assertThat(WebhookKey.parse(secret(24))).isPresent();
    assertThat(WebhookKey.parse(secret(64))).isPresent();
    assertThat(WebhookKey.parse(secret(65))).isEmpty();
  }

  @Test
  void takes_the_seed_of_an_ed25519_key_with_and_without_its_public_key() {
    byte[] body = {1, 2, 3};
    String bare = WebhookKey.parse(signing(32)).orElseThrow().sign("id", 1, body);
    assertThat(WebhookKey.parse(signing(64)).orElseThrow().sign("id", 1, body)).isEqualTo(bare);
    assertThat(bare).startsWith("v1a,");
    assertThat(WebhookKey.parse(signing(31))).isEmpty();
    assertThat(WebhookKey.parse(signing(33))).isEmpty();
  }

  private static String signing(int bytes) {
    return "whsk_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }

  private static String secret(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
