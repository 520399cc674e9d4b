package dev.sigwarden.note;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a vkey that is written back with the same name and key, or malformed.
class VerifierKeyFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      VerifierKey key = VerifierKey.parse(text);
      String written = key.toString();
      // The key id may be in either case, and be another one where the published ones are wrong.
      if (!withoutId(written).equals(withoutId(text)) || !VerifierKey.parse(written).equals(key)) {
        throw new AssertionError("written otherwise than read");
      }
    } catch (MalformedNoteException _) {
      // The other answer that any text may get.
    }
  }

  private static String withoutId(String vkey) {
    int first = vkey.indexOf('+');
    return vkey.substring(0, first) + vkey.substring(vkey.indexOf('+', first + 1));
  }
}
