package dev.sigwarden.log.ct;

import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSignature;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.sim.SimulatedCt;
import java.util.List;

class CtContractTest extends CtContract {
  @Override
  protected String name() {
    return "ct";
  }

  /// The checkpoint of the same head, without its decoys.
  @Override
  byte[] head(SimulatedCt log) {
    try {
      SignedNote checkpoint = SignedNote.parse(log.checkpoint());
      int keyId = log.log().verifierKey().keyId();
      List<NoteSignature> own =
          checkpoint.signatures().stream().filter(line -> line.keyId() == keyId).toList();
      return SignedNote.of(checkpoint.text(), own).toBytes();
    } catch (MalformedNoteException e) {
      throw new IllegalStateException("the log's own checkpoint", e);
    }
  }
}
