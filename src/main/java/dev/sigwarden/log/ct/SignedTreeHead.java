package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSignature;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.note.VerifierKey;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A signed tree head as the API of RFC 6962 answers it, section 4.3. A class and not a record for
/// its array. No signature is checked here.
final class SignedTreeHead {
  /// The longest answer, in bytes: real ones have some 300.
  static final int MAX_BYTES = 8 * 1024;

  private final long timestamp;
  private final TreeHead head;
  private final byte[] signature;

  private SignedTreeHead(long timestamp, TreeHead head, byte[] signature) {
    this.timestamp = timestamp;
    this.head = head;
    this.signature = signature;
  }

  /// Reads the answer to `get-sth`.
  static SignedTreeHead parse(String resource, byte[] bytes) throws BadAnswerException {
    long size = -1;
    long timestamp = -1;
    @Nullable Hash root = null;
    byte @Nullable [] signature = null;
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "tree_size" -> size = json.number();
          case "timestamp" -> timestamp = json.number();
          case "sha256_root_hash" -> root = json.hashInBase64();
          case "tree_head_signature" -> signature = json.bytes();
          default -> json.skip();
        }
      }
      json.end();
    }
    if (size < 0 || timestamp < 0 || root == null || signature == null || signature.length == 0) {
      throw new BadAnswerException(
          resource,
          "a tree head (expected: tree_size, timestamp, sha256_root_hash, tree_head_signature)");
    }
    return new SignedTreeHead(timestamp, new TreeHead(size, root), signature);
  }

  /// The same statement as a note of static-ct-api: the signature covers size, root and time, and
  /// is the same in both forms. c2sp.org/static-ct-api#checkpoints.
  ///
  /// @param key of type 0x05, named after the log's origin
  byte[] note(VerifierKey key) {
    byte[] timed =
        ByteBuffer.allocate(Long.BYTES + signature.length)
            .putLong(timestamp)
            .put(signature)
            .array();
    try {
      return SignedNote.of(
              new Checkpoint(key.name(), head, List.of()).toText(),
              List.of(NoteSignature.of(key, timed)))
          .toBytes();
    } catch (MalformedNoteException e) {
      throw new IllegalStateException("a tree head of bounded length is a note", e);
    }
  }
}
