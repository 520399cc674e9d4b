package dev.sigwarden.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FoldTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  private static String fold(String text) {
    return Fold.at(30, text, Set.of());
  }

  @Test
  void short_lines_stay_as_they_are() {
    String text = "one\n\n  a  b \n" + "x".repeat(30) + "\n";
    assertThat(fold(text)).isEqualTo(text);
    assertThat(fold("")).isEmpty();
  }

  @Test
  void prose_is_folded_at_spaces() {
    assertThat(fold("Ask the owner whether this signature is theirs."))
        .isEqualTo("Ask the owner whether this\nsignature is theirs.");
  }

  @Test
  void numbered_line_goes_on_below_its_text() {
    assertThat(fold(" 1 Ask the owner whether this is theirs."))
        .isEqualTo(" 1 Ask the owner whether this\n   is theirs.");
  }

  @Test
  void long_word_stays_whole_on_a_line_of_its_own() {
    assertThat(fold("see " + DIGEST + " there")).isEqualTo("see\n" + DIGEST + "\nthere");
    assertThat(fold("  digest      " + DIGEST)).isEqualTo("  digest\n    " + DIGEST);
    assertThat(fold("   " + DIGEST)).isEqualTo("   " + DIGEST);
    assertThat(fold(DIGEST)).isEqualTo(DIGEST);
  }

  @Test
  void field_goes_on_further_in_than_any_field_begins() {
    assertThat(fold("  verified  no: the entry names this key log other"))
        .isEqualTo("  verified  no: the entry\n    names this key log other");
  }

  @Test
  void commands_stay_whole() {
    String command = "sigwarden findings close 'swf_aaaa' --verdict VERDICT --reason 'WHY'";
    String text = "CHECK\n  " + command + "\n";
    assertThat(Fold.at(30, text, Set.of(command))).isEqualTo(text);
  }

  @Test
  void nothing_but_blanks_and_line_breaks_changes_and_no_line_is_longer_than_its_words() {
    long seed = 7L;
    Random random = new Random(seed);
    List<String> parts = List.of(" ", "  ", "a", "bc", DIGEST, "\n", "12 ", "x".repeat(29), "é");
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      String folded = fold(text.toString());
      assertThat(folded.replaceAll("\\s", "")).isEqualTo(text.toString().replaceAll("\\s", ""));
      assertThat(folded.lines().filter(line -> line.length() > 30))
          .allSatisfy(line -> assertThat(line.strip()).doesNotContain("  "))
          .allSatisfy(
              line -> assertThat(line.strip().split(" ")).anyMatch(word -> word.length() > 20));
    }
  }
}
