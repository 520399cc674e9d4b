package dev.sigwarden.note;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a signature line that is written back as it was, or malformed.
class NoteSignatureFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String line = new String(bytes, StandardCharsets.UTF_8);
    try {
      if (!NoteSignature.parse(line).toLine().equals(line)) {
        throw new AssertionError("written otherwise than read");
      }
    } catch (MalformedNoteException _) {
      // The other answer that any text may get.
    }
  }
}
