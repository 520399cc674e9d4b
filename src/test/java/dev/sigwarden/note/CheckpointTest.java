package dev.sigwarden.note;

import static dev.sigwarden.note.Notes.assertMalformed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.merkle.TreeHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final String ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

  @Test
  void reads_what_it_writes() throws MalformedNoteException {
    String text = "go.sum database tree\n9223372036854775807\n" + ROOT + "one\n two \n";
    Checkpoint checkpoint = Checkpoint.parse(text);
    assertThat(checkpoint.origin()).isEqualTo("go.sum database tree");
    assertThat(checkpoint.head().size()).isEqualTo(Long.MAX_VALUE);
    assertThat(checkpoint.extensions()).containsExactly("one", " two ");
    assertThat(checkpoint.toText()).isEqualTo(text);
    assertThat(Checkpoint.parse("o\n0\n" + ROOT).head()).isEqualTo(TreeHead.empty());
  }

  @Test
  void refuses_what_is_no_checkpoint() {
    List<String> bads =
        List.of(
            "",
            "\n",
            "o\n",
            "o\n1\n",
            "\n1\n" + ROOT,
            "o\n1\n" + ROOT.stripTrailing(),
            "o\n1\n" + ROOT + "\n",
            "o\n1\n" + ROOT + "x\n\ny\n",
            "o\n1\n" + ROOT + "x",
            "o\n\n" + ROOT,
            "o\n-1\n" + ROOT,
            "o\n+1\n" + ROOT,
            "o\n01\n" + ROOT,
            "o\n1 \n" + ROOT,
            "o\n0x1\n" + ROOT,
            "o\n\u0661\n" + ROOT,
            "o\n9223372036854775808\n" + ROOT,
            "o\n18446744073709551615\n" + ROOT,
            "o\n1\n" + ROOT.replace("=", ""),
            "o\n1\n" + ROOT.replace("FU=", "FV="),
            "o\n1\n" + ROOT.replace("+", "-"),
            "o\n1\nAAAA\n",
            "o\n1\n" + "A".repeat(44) + "\n",
            "o\r\n1\r\n" + ROOT,
            "o\ud800\n1\n" + ROOT,
            "o\n1\n" + ROOT + "x\n".repeat(Checkpoint.MAX_EXTENSIONS + 1),
            "o".repeat(Checkpoint.MAX_CHARS) + "\n1\n" + ROOT);
    for (String bad : bads) {
      assertMalformed(bad.substring(0, Math.min(60, bad.length())), () -> Checkpoint.parse(bad));
    }
  }

  @Test
  void cannot_be_made_of_lines_that_are_none() {
    for (String bad : List.of("", "a\nb", "\nb", "a\n")) {
      assertThatThrownBy(() -> new Checkpoint(bad, TreeHead.empty(), List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Checkpoint("o", TreeHead.empty(), List.of(bad)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_mutated_checkpoint_is_malformed_or_written_as_it_was_read() {
    long seed = 3;
    Random random = new Random(seed);
    byte[] sample = ("o.example\n12\n" + ROOT + "x\n").getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 5_000; round++) {
      String text = new String(Notes.mutated(sample, random), StandardCharsets.UTF_8);
      try {
        assertThat(Checkpoint.parse(text).toText())
            .as("seed %d round %d", seed, round)
            .isEqualTo(text);
      } catch (MalformedNoteException e) {
        assertThat(e.getMessage()).as("seed %d round %d", seed, round).hasSizeLessThan(400);
      }
    }
  }

  @Test
  void reads_as_many_lines_and_characters_as_it_says() throws MalformedNoteException {
    String lines = "o\n1\n" + ROOT + "x\n".repeat(Checkpoint.MAX_EXTENSIONS);
    assertThat(Checkpoint.parse(lines).extensions()).hasSize(100);
    String rest = "\n1\n" + ROOT;
    String longest = "o".repeat(Checkpoint.MAX_CHARS - rest.length()) + rest;
    assertThat(Checkpoint.parse(longest).toText()).isEqualTo(longest);
    assertMalformed("one more character", () -> Checkpoint.parse("o" + longest));
  }
}
