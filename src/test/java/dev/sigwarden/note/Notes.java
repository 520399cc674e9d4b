package dev.sigwarden.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Notes, and damage to them, for the tests of this package.
final class Notes {
  static final Instant TIME = Instant.ofEpochSecond(1_754_000_000);

  static final NoteSigner LOG = NoteSigner.generate("log.example");
  static final NoteSigner WITNESS = NoteSigner.generate("witness.example/one");

  private Notes() {}

  static Checkpoint checkpoint(long size) {
    return new Checkpoint(
        "log.example", new TreeHead(size, Hash.ofLeaf(new byte[] {(byte) size})), List.of());
  }

  /// A checkpoint that the log signed and the witness cosigned.
  static byte[] cosigned() {
    return WITNESS.cosign(LOG.sign(checkpoint(5).toText()), TIME);
  }

  static SignedNote parse(String note) throws MalformedNoteException {
    return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
  }

  static void assertMalformed(String what, ThrowingCallable parse) {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(parse))
        .as(what)
        .isInstanceOf(MalformedNoteException.class)
        .message()
        .matches("[ -~\u2014]*")
        .hasSizeLessThan(400);
  }

  /// The bytes with a few of them flipped, cut out, doubled or replaced by ones that matter to
  /// notes.
  static byte[] mutated(byte[] sample, Random random) {
    byte[] bytes = sample.clone();
    for (int edits = 1 + random.nextInt(3); edits > 0 && bytes.length > 0; edits--) {
      int at = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + 1 + random.nextInt(8));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) "\n +=#0\u2014A".charAt(random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = joined(bytes, 0, at, bytes, to, bytes.length);
        default -> bytes = joined(bytes, 0, to, bytes, at, bytes.length);
      }
    }
    return bytes;
  }

  private static byte[] joined(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
    byte[] all = Arrays.copyOf(Arrays.copyOfRange(a, aFrom, aTo), aTo - aFrom + bTo - bFrom);
    System.arraycopy(b, bFrom, all, aTo - aFrom, bTo - bFrom);
    return all;
  }
}
