package dev.sigwarden.watch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text names a key or is malformed.
class KeyFileFuzz {
  @FuzzTest
  void read(byte[] bytes) {
    try {
      KeyFile.keySha256s(new String(bytes, StandardCharsets.UTF_8));
    } catch (MalformedKeyException _) {
      // The other answer that any text may get.
    }
  }
}
