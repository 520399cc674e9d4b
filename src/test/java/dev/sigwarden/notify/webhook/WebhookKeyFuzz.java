package dev.sigwarden.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a key that signs, or none.
class WebhookKeyFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    WebhookKey.parse(text)
        .ifPresent(secret -> {
          assertThat(text).matches("whs(ec|k)_[A-Za-z0-9+/]{32,88}={0,2}");
          assertThat(secret.sign("id", 1, bytes))
              .matches("v1,[A-Za-z0-9+/]{43}=|v1a,[A-Za-z0-9+/]{86}==");
        });
  }
}
