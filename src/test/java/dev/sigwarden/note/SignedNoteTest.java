package dev.sigwarden.note;

import static dev.sigwarden.note.Notes.LOG;
import static dev.sigwarden.note.Notes.TIME;
import static dev.sigwarden.note.Notes.WITNESS;
import static dev.sigwarden.note.Notes.assertMalformed;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignedNoteTest {
  private static final String LINE = "\u2014 a AAAAAAA=\n";

  @Test
  void reads_text_and_signatures_of_a_note() throws MalformedNoteException {
    SignedNote note = SignedNote.parse(Notes.cosigned());
    assertThat(note.text()).isEqualTo(Notes.checkpoint(5).toText());
    assertThat(note.signatures()).hasSize(2);
    assertThat(note.signatures().getFirst().name()).isEqualTo("log.example");
    assertThat(note.signatures().getFirst().keyId()).isEqualTo(LOG.verifierKey().keyId());
    assertThat(note.signatures().getFirst().toBytes()).hasSize(64);
    assertThat(note.toBytes()).isEqualTo(Notes.cosigned());
    assertThat(SignedNote.of(note.text(), note.signatures())).isEqualTo(note);
  }

  @Test
  void splits_at_the_last_blank_line() throws MalformedNoteException {
    SignedNote note = Notes.parse("one\n\n\u2014 a AAAAAAA=\n\n" + LINE);
    assertThat(note.text()).isEqualTo("one\n\n\u2014 a AAAAAAA=\n");
    assertThat(note.signatures()).hasSize(1);
    assertThat(Notes.parse("\n\n" + LINE).text()).isEqualTo("\n");
  }

  @Test
  void refuses_what_is_no_note() {
    List<String> bads =
        List.of(
            "",
            "\n",
            "text\n",
            "text\n\n",
            "text\n\n\n",
            LINE,
            "text\n" + LINE,
            "text\n\n" + LINE.stripTrailing(),
            "text\n\n" + LINE + "x\n",
            "text\n\n" + LINE + "\n",
            "text\n\n- a AAAAAAA=\n",
            "text\n\n\u2014a AAAAAAA=\n",
            "text\n\n\u2014  a AAAAAAA=\n",
            "text\n\n\u2014 a  AAAAAAA=\n",
            "text\n\n\u2014 a AAAAAAA= \n",
            "text\n\n\u2014 a\n",
            "text\n\n\u2014 a \n",
            "text\n\n\u2014 \n",
            "text\n\n\u2014 a AAAAAAA\n",
            "text\n\n\u2014 a AAAAAAB=\n",
            "text\n\n\u2014 a AAAAAA==\n",
            "text\n\n\u2014 a A_AAAAA=\n",
            "text\n\n\u2014 a+b AAAAAAA=\n",
            "text\n\n\u2014 a\u00a0b AAAAAAA=\n",
            "text\n\n\u2014 a\u2003b AAAAAAA=\n",
            "text\n\n\u2014 a\u0085b AAAAAAA=\n",
            "te\rxt\n\n" + LINE,
            "te\txt\n\n" + LINE,
            "te\0xt\n\n" + LINE,
            "text\n\n\u2014 a AAAAAAA=\r\n");
    for (String bad : bads) {
      assertMalformed(bad, () -> Notes.parse(bad));
    }
    byte[] latin1 = ("t\u00e9xt\n\n" + LINE).getBytes(StandardCharsets.ISO_8859_1);
    assertMalformed("Latin-1", () -> SignedNote.parse(latin1));
  }

  @Test
  void accepts_as_many_signatures_and_bytes_as_it_says_and_no_more() throws MalformedNoteException {
    String most = "text\n\n" + LINE.repeat(SignedNote.MAX_SIGNATURES);
    assertThat(Notes.parse(most).signatures()).hasSize(100);
    assertMalformed("one more line", () -> Notes.parse(most + LINE));
    String tail = "\n\n" + LINE;
    int room = SignedNote.MAX_BYTES - tail.getBytes(StandardCharsets.UTF_8).length;
    assertThat(Notes.parse("x".repeat(room) + tail).text()).hasSize(room + 1);
    assertMalformed("one more byte", () -> Notes.parse("x".repeat(room + 1) + tail));
  }

  @Test
  void tells_valid_invalid_and_absent_apart() throws MalformedNoteException {
    SignedNote note = SignedNote.parse(Notes.cosigned());
    assertThat(note.check(LOG.verifierKey()))
        .isInstanceOfSatisfying(
            SignatureCheck.Valid.class, valid -> assertThat(valid.timed()).isFalse());
    assertThat(note.check(WITNESS.witnessKey())).isEqualTo(new SignatureCheck.Valid(TIME));
    assertThat(note.check(NoteSigner.generate("log.example").verifierKey()))
        .isEqualTo(new SignatureCheck.Absent());
    assertThat(note.check(WITNESS.verifierKey())).isEqualTo(new SignatureCheck.Absent());
    SignedNote other = SignedNote.of(Notes.checkpoint(6).toText(), note.signatures());
    assertThat(other.check(LOG.verifierKey())).isInstanceOf(SignatureCheck.Invalid.class);
    assertThat(other.check(WITNESS.witnessKey())).isInstanceOf(SignatureCheck.Invalid.class);
  }

  @Test
  void believes_the_first_of_several_signatures_of_one_key() throws MalformedNoteException {
    SignedNote good = SignedNote.parse(LOG.sign("text\n"));
    NoteSignature bad = NoteSignature.of(LOG.verifierKey(), new byte[64]);
    assertThat(good.with(bad).check(LOG.verifierKey())).isInstanceOf(SignatureCheck.Valid.class);
    SignedNote badFirst = SignedNote.of("text\n", List.of(bad, good.signatures().getFirst()));
    assertThat(badFirst.check(LOG.verifierKey())).isInstanceOf(SignatureCheck.Invalid.class);
  }

  @Test
  void takes_signatures_of_their_exact_length_only() throws MalformedNoteException {
    SignedNote note = SignedNote.parse(Notes.cosigned());
    byte[] signature = note.signatures().get(0).toBytes();
    byte[] cosignature = note.signatures().get(1).toBytes();
    for (int extra : new int[] {-64, -8, -1, 1, 2, 8}) {
      if (extra > -64) {
        assertThat(check(note, LOG.verifierKey(), Arrays.copyOf(signature, 64 + extra)))
            .isInstanceOf(SignatureCheck.Invalid.class);
      }
      assertThat(check(note, WITNESS.witnessKey(), Arrays.copyOf(cosignature, 72 + extra)))
          .isInstanceOf(SignatureCheck.Invalid.class);
    }
  }

  private static SignatureCheck check(SignedNote note, VerifierKey key, byte[] signature)
      throws MalformedNoteException {
    return SignedNote.of(note.text(), List.of(NoteSignature.of(key, signature))).check(key);
  }

  @Test
  void refuses_times_that_no_clock_shows() throws MalformedNoteException {
    SignedNote note = SignedNote.parse(Notes.cosigned());
    for (long seconds : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 253_402_300_800L}) {
      byte[] cosignature = note.signatures().get(1).toBytes();
      ByteBuffer.wrap(cosignature).putLong(seconds);
      assertThat(check(note, WITNESS.witnessKey(), cosignature))
          .isEqualTo(new SignatureCheck.Invalid("the signature's time is after the year 9999"));
    }
    byte[] last =
        WITNESS.cosign(Notes.cosigned(), java.time.Instant.ofEpochSecond(253_402_300_799L));
    assertThat(SignedNote.parse(last).signatures()).hasSize(3);
  }

  @Test
  void a_mutated_note_is_malformed_or_valid_over_the_same_text_only()
      throws MalformedNoteException {
    long seed = 20_261_122;
    Random random = new Random(seed);
    byte[] original = Notes.cosigned();
    String text = SignedNote.parse(original).text();
    int parsed = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] mutated = Notes.mutated(original, random);
      try {
        SignedNote note = SignedNote.parse(mutated);
        parsed++;
        for (VerifierKey key : List.of(LOG.verifierKey(), WITNESS.witnessKey())) {
          if (note.check(key) instanceof SignatureCheck.Valid) {
            assertThat(note.text()).as("seed %d round %d", seed, round).isEqualTo(text);
          }
        }
        assertThat(SignedNote.of(note.text(), note.signatures()).toBytes()).isEqualTo(mutated);
      } catch (MalformedNoteException e) {
        assertThat(e.getMessage()).as("seed %d round %d", seed, round).hasSizeLessThan(400);
      }
    }
    assertThat(parsed).isGreaterThan(500);
  }

  @Test
  void is_the_same_note_with_the_same_bytes_only() throws MalformedNoteException {
    SignedNote note = Notes.parse("text\n\n" + LINE);
    assertThat(note)
        .isEqualTo(Notes.parse("text\n\n" + LINE))
        .hasSameHashCodeAs(Notes.parse("text\n\n" + LINE))
        .isNotEqualTo(Notes.parse("tent\n\n" + LINE))
        .isNotEqualTo("text");
    assertThat(note.hashCode()).isNotEqualTo(Notes.parse("tent\n\n" + LINE).hashCode());
  }
}
