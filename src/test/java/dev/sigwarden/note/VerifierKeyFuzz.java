package dev.sigwarden.note;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a vkey that names the same key when written, or malformed.
class VerifierKeyFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      VerifierKey key = VerifierKey.parse(new String(bytes, StandardCharsets.UTF_8));
      if (!VerifierKey.parse(key.toString()).equals(key)) {
        throw new AssertionError("written otherwise than read");
      }
    } catch (MalformedNoteException _) {
      // The other answer that any text may get.
    }
  }
}
