package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.text.HostileTexts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"a@b", "oncall@acme.example", "a.b+c@xn--bcher-kva.example", "o'b@a-b.c"})
  void takes_plain_addresses(String text) {
    assertThat(MailAddress.parse(text).orElseThrow()).hasToString(text);
    assertThat(MailAddress.parse(text).orElseThrow().toInternetAddress().getAddress())
        .isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "@b",
        "a@",
        "a@@b",
        "a@b@c",
        "a b@c",
        "A <a@b>",
        "a@b,c@d",
        "\"a b\"@c",
        "a@b\r\nRCPT TO:<x@evil>",
        "a@b\u760Dx",
        "a\u760A@b",
        "a@[127.0.0.1]",
        "a@-b",
        "a@b-",
        ".a@b",
        "a.@b",
        "a..b@c",
        "a@b..c",
        "a@b.",
        "a@büch.example",
        "a@b\u0000",
        "(c)a@b"
      })
  void takes_nothing_else(String text) {
    assertThat(MailAddress.parse(text)).isEmpty();
  }

  @Test
  void takes_no_hostile_text() {
    HostileTexts.all().forEach(text -> assertThat(MailAddress.parse(text + "@b")).isEmpty());
    assertThat(MailAddress.parse("a".repeat(65) + "@b")).isEmpty();
  }
}
