package dev.sigwarden.note;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text is a policy that answers for a note, or malformed.
class WitnessPolicyFuzz {
  private static final byte[] NOTE = Notes.LOG.sign(Notes.checkpoint(5).toText());

  @FuzzTest
  void parse(byte[] bytes) throws MalformedNoteException {
    SignedNote note = SignedNote.parse(NOTE);
    try {
      WitnessPolicy policy = WitnessPolicy.parse(new String(bytes, StandardCharsets.UTF_8));
      WitnessPolicy.Quorum quorum = policy.check(note, Notes.TIME);
      if (quorum.met() != quorum.problems().isEmpty()) {
        throw new AssertionError("without cosignatures a quorum is met or the only problem");
      }
    } catch (MalformedNoteException _) {
      // The other answer that any text may get.
    }
  }
}
