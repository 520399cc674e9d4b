package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/// Any text is authorities, or an exception that `read` tells the operator of.
class TrustedCasFuzz {
  @FuzzTest
  void of(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      assertThat(TrustedCas.of(text).pem()).isEqualTo(text);
    } catch (GeneralSecurityException | IOException _) {
      // The other answer that any text may get.
    }
  }
}
