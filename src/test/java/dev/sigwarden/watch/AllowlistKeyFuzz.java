package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;

/// Any text is no signature over a text that nobody signed, and is refused in words that can be
/// shown.
class AllowlistKeyFuzz {
  private static final String KEY = "RWS5w6KvzD6O5mCiJ+l/1ppG4XvE7vy2ey9XsLBV30hQMwN5FAzsy93y";
  private static final byte[] LINES = "# allowlist acme\n".getBytes(StandardCharsets.UTF_8);

  @FuzzTest
  void refusal(byte[] signature) throws MalformedKeyException {
    String text = new String(signature, StandardCharsets.ISO_8859_1);
    assertThat(AllowlistKey.of(KEY).refusal("acme", LINES, text))
        .hasValueSatisfying(why ->
            assertThat(why.codePoints()).hasSizeLessThan(2_000).allMatch(Sanitizer::isShown));
  }
}
