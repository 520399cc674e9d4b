package dev.sigwarden.note;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a checkpoint that is written back as it was, or malformed.
class CheckpointFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      if (!Checkpoint.parse(text).toText().equals(text)) {
        throw new AssertionError("written otherwise than read");
      }
    } catch (MalformedNoteException _) {
      // The other answer that any text may get.
    }
  }
}
