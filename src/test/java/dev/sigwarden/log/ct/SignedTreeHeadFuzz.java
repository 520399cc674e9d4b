package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.practice.PracticeCtLog;
import java.time.Clock;

/// Any bytes are a tree head that becomes a note of a checkpoint, or a bad answer; none of them is
/// signed.
class SignedTreeHeadFuzz {
  private static final VerifierKey KEY =
      new PracticeCtLog("fuzz.example", Clock.systemUTC()).verifierKey();

  @FuzzTest
  void parse(byte[] bytes) throws MalformedNoteException {
    SignedNote note;
    try {
      note = SignedNote.parse(SignedTreeHead.parse("fuzz", bytes).note(KEY));
    } catch (BadAnswerException _) {
      return;
    }
    assertThat(Checkpoint.parse(note.text()).origin()).isEqualTo("fuzz.example");
    assertThat(note.check(KEY)).isInstanceOf(dev.sigwarden.note.SignatureCheck.Invalid.class);
  }
}
