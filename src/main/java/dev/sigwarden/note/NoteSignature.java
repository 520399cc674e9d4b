package dev.sigwarden.note;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/// One signature line of a note: `— name base64(keyId || signature)`. Immutable.
public final class NoteSignature {
  private static final String PREFIX = "\u2014 ";
  private static final int ID_BYTES = 4;

  private final String name;
  private final int keyId;
  private final byte[] signature;

  private NoteSignature(String name, int keyId, byte[] signature) {
    this.name = name;
    this.keyId = keyId;
    this.signature = signature;
  }

  /// A signature of this key, as fetched apart from a note or converted from another format.
  ///
  /// @param signature the bytes after the key id, at least one
  /// @throws IllegalArgumentException if there is no byte
  public static NoteSignature of(VerifierKey key, byte[] signature) {
    if (signature.length == 0) {
      throw new IllegalArgumentException("signature: 0 bytes (expected: at least 1)");
    }
    return new NoteSignature(key.name(), key.keyId(), signature.clone());
  }

  /// Reads one signature line, without its newline, strictly.
  public static NoteSignature parse(String line) throws MalformedNoteException {
    int space = line.indexOf(' ', PREFIX.length());
    if (!line.startsWith(PREFIX) || space < 0) {
      throw new MalformedNoteException(
          "signature line: " + Strict.excerpt(line) + " (expected: em dash, name, base64)");
    }
    String name = Strict.keyName(line.substring(PREFIX.length(), space));
    byte[] payload = Strict.base64(line.substring(space + 1));
    if (payload.length <= ID_BYTES) {
      throw new MalformedNoteException(
          "signature: " + payload.length + " bytes (expected: at least 5)");
    }
    return new NoteSignature(
        name,
        ByteBuffer.wrap(payload).getInt(),
        Arrays.copyOfRange(payload, ID_BYTES, payload.length));
  }

  /// The key name as written.
  public String name() {
    return name;
  }

  /// The four bytes of the key id, as an unsigned 32-bit value in an int.
  public int keyId() {
    return keyId;
  }

  /// A copy of the bytes after the key id.
  public byte[] toBytes() {
    return signature.clone();
  }

  /// The bytes after the key id, to be read only.
  byte[] bytes() {
    return signature;
  }

  /// The line without its newline.
  public String toLine() {
    byte[] payload =
        ByteBuffer.allocate(ID_BYTES + signature.length).putInt(keyId).put(signature).array();
    return PREFIX + name + " " + Base64.getEncoder().encodeToString(payload);
  }
}
