package dev.sigwarden.note;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A C2SP signed note: text, and signature lines over it. Immutable. c2sp.org/signed-note.
public final class SignedNote {
  /// The longest note read, in bytes: 1 MB holds hundreds of post-quantum cosignatures.
  public static final int MAX_BYTES = 1_000_000;

  /// The most signature lines read: what the Go implementation accepts, and more than any log has
  /// witnesses.
  public static final int MAX_SIGNATURES = 100;

  private static final String SEPARATOR = "\n\n";

  private final byte[] bytes;
  private final String text;
  private final List<NoteSignature> signatures;

  private SignedNote(byte[] bytes, String text, List<NoteSignature> signatures) {
    this.bytes = bytes;
    this.text = text;
    this.signatures = signatures;
  }

  /// Reads a note strictly; verifies nothing.
  public static SignedNote parse(byte[] bytes) throws MalformedNoteException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedNoteException(
          "note: %d bytes (expected: at most %d)".formatted(bytes.length, MAX_BYTES));
    }
    String note = Strict.utf8(bytes);
    Strict.requireNoteText(note);
    int split = note.lastIndexOf(SEPARATOR);
    if (split < 0) {
      throw new MalformedNoteException("note without a blank line before its signatures");
    }
    if (!note.endsWith("\n") || note.length() == split + SEPARATOR.length()) {
      throw new MalformedNoteException("note does not end in a signature line and its newline");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    int begin = split + SEPARATOR.length();
    while (begin < note.length()) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new MalformedNoteException(
            "note with more than " + MAX_SIGNATURES + " signature lines");
      }
      int end = note.indexOf('\n', begin);
      signatures.add(NoteSignature.parse(note.substring(begin, end)));
      begin = end + 1;
    }
    return new SignedNote(bytes.clone(), note.substring(0, split + 1), List.copyOf(signatures));
  }

  /// The note of this text, which ends in a newline, and these signatures, at least one.
  ///
  /// @throws MalformedNoteException if that is no note
  public static SignedNote of(String text, List<NoteSignature> signatures)
      throws MalformedNoteException {
    if (!text.endsWith("\n")) {
      throw new MalformedNoteException("note text does not end in a newline");
    }
    Strict.requireNoteText(text);
    StringBuilder note = new StringBuilder(text).append('\n');
    for (NoteSignature signature : signatures) {
      note.append(signature.toLine()).append('\n');
    }
    return parse(note.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// This note with one more signature, after the others.
  ///
  /// @throws MalformedNoteException if a note cannot hold that much
  public SignedNote with(NoteSignature signature) throws MalformedNoteException {
    List<NoteSignature> all = new ArrayList<>(signatures);
    all.add(signature);
    return of(text, all);
  }

  /// What the signatures say for `key`. Of several lines with the key's name and id the first
  /// counts.
  public SignatureCheck check(VerifierKey key) {
    for (NoteSignature signature : signatures) {
      if (signature.keyId() == key.keyId() && signature.name().equals(key.name())) {
        return new Verification(key, this).check(signature.bytes());
      }
    }
    return new SignatureCheck.Absent();
  }

  /// The signed text, with its final newline.
  public String text() {
    return text;
  }

  /// The signature lines, in order.
  public List<NoteSignature> signatures() {
    return signatures;
  }

  /// A copy of the note as received, byte for byte.
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedNote note && Arrays.equals(bytes, note.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
