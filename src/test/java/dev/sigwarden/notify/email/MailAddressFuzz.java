package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is an address that the mail library takes and writes as it was, or none.
class MailAddressFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    MailAddress.parse(text)
        .ifPresent(address -> {
          assertThat(address.toString()).isEqualTo(text).matches("[!-~]+");
          assertThat(address.toInternetAddress().toString()).isEqualTo(text);
        });
  }
}
