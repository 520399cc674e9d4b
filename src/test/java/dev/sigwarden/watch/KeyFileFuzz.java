package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Any text names keys, with another line's end the same ones, or is malformed without being shown.
class KeyFileFuzz {
  @FuzzTest
  void read(byte[] bytes) throws MalformedKeyException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Set<Digest> keys;
    try {
      keys = KeyFile.keySha256s(text);
    } catch (MalformedKeyException e) {
      assertThat(e.getMessage()).hasSizeLessThan(1_000);
      return;
    }
    assertThat(keys).isNotEmpty();
    if (text.length() < 60_000) {
      assertThat(KeyFile.keySha256s(text + "\n")).isEqualTo(keys);
    }
  }
}
