package dev.sigwarden.note;

import static dev.sigwarden.note.Notes.assertMalformed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "\n", "\u007f", "\ud7ff", "\ue000", "\ud83d\udd11", "\uffff"})
  void a_note_holds_any_text_without_control_characters(String text) {
    assertThatCode(() -> Strict.requireNoteText(text)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 13, 0x1f, 0xd800, 0xdbff, 0xdc00, 0xdfff})
  void a_note_holds_no_control_character_and_no_half_of_one(int character) {
    String text = "a" + (char) character + "b";
    assertMalformed(
        "U+%04X".formatted(character),
        () -> {
          Strict.requireNoteText(text);
        });
    assertMalformed("key name", () -> Strict.keyName(text));
  }

  @Test
  void shows_foreign_text_in_quotes_in_printable_ascii_up_to_eighty_characters() {
    assertThat(Strict.excerpt("")).isEqualTo("\"\"");
    assertThat(Strict.excerpt(" az~")).isEqualTo("\" az~\"");
    assertThat(Strict.excerpt("a\"b\nc\u007fd\u001fe\u00e9")).isEqualTo("\"a?b?c?d?e?\"");
    assertThat(Strict.excerpt("x".repeat(80))).isEqualTo("\"" + "x".repeat(80) + "\"");
    assertThat(Strict.excerpt("x".repeat(81))).isEqualTo("\"" + "x".repeat(80) + "\"...");
  }
}
