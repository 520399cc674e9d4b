package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text names a key, with white space and comments around it the same one, or is malformed
/// without being shown.
class KeyFileFuzz {
  @FuzzTest
  void read(byte[] bytes) throws MalformedKeyException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    dev.sigwarden.entry.Digest key;
    try {
      key = KeyFile.keySha256(text);
    } catch (MalformedKeyException e) {
      assertThat(e.getMessage()).hasSizeLessThan(1_000);
      return;
    }
    if (text.length() < 60_000) {
      assertThat(KeyFile.keySha256("\n# ours\n" + text + "\n\n")).isEqualTo(key);
    }
  }
}
