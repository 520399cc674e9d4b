package dev.sigwarden.note;

import static dev.sigwarden.note.Notes.assertMalformed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteSignerTest {
  private static final String SKEY =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  private static final String VKEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

  /// The note of golang.org/x/mod/sumdb/note's own test.
  @Test
  void signs_as_go_does_with_the_same_seed() throws MalformedNoteException {
    NoteSigner peter = NoteSigner.parse(SKEY);
    assertThat(peter.verifierKey()).hasToString(VKEY);
    assertThat(peter.toSkey()).isEqualTo(SKEY);
    String text =
        "If you think cryptography is the answer to your problem,\n"
            + "then you don't know what your problem is.\n";
    assertThat(new String(peter.sign(text), StandardCharsets.UTF_8))
        .isEqualTo(
            text
                + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
                + "KvqfqdngotpRZb6KE6RyyBwJnAM=\n");
  }

  @Test
  void signs_any_text_that_a_note_can_hold() throws MalformedNoteException {
    NoteSigner signer = NoteSigner.generate("k");
    for (String text : List.of("\n", "a\n\nb\n", "\u00e9\ud83d\ude00\n")) {
      SignedNote note = SignedNote.parse(signer.sign(text));
      assertThat(note.text()).isEqualTo(text);
      assertThat(note.check(signer.verifierKey())).isInstanceOf(SignatureCheck.Valid.class);
    }
    for (String text : List.of("", "a", "a\r\n", "\ud83d\n")) {
      assertThatThrownBy(() -> signer.sign(text)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> signer.cosign(new byte[3], Notes.TIME))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NoteSigner.generate("a b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refuses_what_is_no_skey_and_never_shows_it() {
    List<String> bads =
        List.of(
            "",
            VKEY,
            "PRIVATE+KEY+",
            "PRIVATE+KEY+a+b",
            SKEY.replace("c74f20a3", "c74f20a4"),
            SKEY.replace("+AYEK", "+BYEK"),
            SKEY.replace("KDFz", ""),
            SKEY.replace("KDFz", "KD*z"));
    for (String bad : bads) {
      assertMalformed("bad skey", () -> NoteSigner.parse(bad));
      assertThatThrownBy(() -> NoteSigner.parse(bad))
          .message()
          .doesNotContain("EKFALVFGyNhPJEMzD1QIDr");
    }
  }
}
