package dev.sigwarden.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSignature;
import dev.sigwarden.note.SignedNote;
import java.nio.ByteBuffer;

/// Tree heads of Certificate Transparency logs in both their forms.
final class CtHeads {
  private static final JsonMapper JSON = new JsonMapper();

  private CtHeads() {}

  /// The answer to `get-sth` that says what a checkpoint says. Its signature of type 0x05 is the
  /// last, as the practice log writes it.
  static byte[] treeHead(byte[] checkpoint) {
    try {
      SignedNote note = SignedNote.parse(checkpoint);
      Checkpoint said = Checkpoint.parse(note.text());
      NoteSignature signature = note.signatures().getLast();
      ByteBuffer timed = ByteBuffer.wrap(signature.toBytes());
      ObjectNode answer = JSON.createObjectNode();
      answer.put("tree_size", said.head().size());
      answer.put("timestamp", timed.getLong());
      answer.put("sha256_root_hash", said.head().root().toBase64());
      byte[] digitallySigned = new byte[timed.remaining()];
      timed.get(digitallySigned);
      answer.put("tree_head_signature", digitallySigned);
      return JSON.writeValueAsBytes(answer);
    } catch (MalformedNoteException | JsonProcessingException e) {
      throw new IllegalStateException("the log's own checkpoint", e);
    }
  }
}
