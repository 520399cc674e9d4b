package dev.sigwarden.note;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a skey that is written back as it was, or malformed without being shown.
class NoteSignerFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String skey = new String(bytes, StandardCharsets.UTF_8);
    try {
      if (!NoteSigner.parse(skey).toSkey().equals(skey)) {
        throw new AssertionError("written otherwise than read");
      }
    } catch (MalformedNoteException e) {
      int seed = skey.lastIndexOf('+') + 1;
      if (skey.length() - seed > 20 && e.getMessage().contains(skey.substring(seed))) {
        throw new AssertionError("shows the seed", e);
      }
    }
  }
}
