package dev.sigwarden.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTest {
  @Test
  void signs_as_the_standards_own_vector() throws IOException {
    JsonNode vectors =
        JsonMapper.builder()
            .build()
            .readTree(
                Vectors.dir("alert-schemas").resolve("standard-webhooks/vectors.json").toFile());
    for (JsonNode vector : vectors) {
      if (vector.get("alg").textValue().equals("v1")) {
        String signature =
            WebhookSecret.parse(vector.get("secret").textValue())
                .orElseThrow()
                .sign(
                    vector.get("webhook-id").textValue(),
                    Long.parseLong(vector.get("webhook-timestamp").textValue()),
                    vector.get("body").textValue().getBytes(StandardCharsets.UTF_8));
        assertThat(signature).isEqualTo(vector.get("expected").textValue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!"})
  void refuses_other_texts(String text) {
    assertThat(WebhookSecret.parse(text)).isEmpty();
  }

  @Test
  void refuses_keys_shorter_than_24_and_longer_than_64_bytes() {
    assertThat(WebhookSecret.parse(secret(23))).isEmpty();
    assertThat(WebhookSecret.parse(secret(24))).isPresent();
    assertThat(WebhookSecret.parse(secret(64))).isPresent();
    assertThat(WebhookSecret.parse(secret(65))).isEmpty();
  }

  private static String secret(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
