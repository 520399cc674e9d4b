package dev.sigwarden.note;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;

/// Any bytes are a note that is written back as it was, or malformed; and any bytes are a signature
/// that does not verify.
class SignedNoteFuzz {
  private static final List<VerifierKey> KEYS =
      List.of(
          vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
          vkey(
              "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGv"
                  + "XwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc="),
          vkey("witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"),
          vkey(
              "rome.ct.filippo.io/2024h1+78f4abae+BTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAFzPC3fap+uINc1"
                  + "RQ4eRbYMUt84+bKkA8GDLN8KwVdzAgYhYSv4kS8XSheGLAHCWhIJTJbuC3sL88bNMTtrsBM="));

  private static VerifierKey vkey(String vkey) {
    try {
      return VerifierKey.parse(vkey);
    } catch (MalformedNoteException e) {
      throw new AssertionError(e);
    }
  }

  @FuzzTest
  void parse(byte[] bytes) {
    try {
      SignedNote note = SignedNote.parse(bytes);
      if (!Arrays.equals(SignedNote.of(note.text(), note.signatures()).toBytes(), bytes)) {
        throw new AssertionError("written otherwise than read");
      }
      for (VerifierKey key : KEYS) {
        note.check(key);
        for (NoteSignature signature : note.signatures()) {
          new Verification(key, note).check(signature.bytes());
        }
      }
    } catch (MalformedNoteException _) {
      // The other answer that any bytes may get.
    }
  }
}
