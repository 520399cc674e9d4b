package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {
  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "log=\"rekor\", rekor, true",
        "log = rekor, rekor, true",
        "log=rekor, rekor-2, false",
        "log!=rekor, rekor, false",
        "log!=rekor, ``, true",
        "log=~\"rekor-.*\", rekor-2025, true",
        // The whole value, never a part.
        "log=~rekor, rekor-2025, false",
        "log=~\"a|rekor\", a, true",
        "log=~\"a|rekor\", arekor, false",
        "log!~\"rekor.*\", rekor-2025, false",
        "log!~\"rekor.*\", ct, true",
        "log=\"a\\\"b\\\\c\", a\"b\\c, true",
        "log=, ``, true",
      })
  void matches_whole_values(String matcher, String value, boolean expected) {
    Matcher parsed = Matcher.parse(matcher);
    assertThat(parsed.matches(new Labels(Map.of(Label.LOG, value)))).isEqualTo(expected);
    assertThat(Matcher.parse(parsed.toString())).isEqualTo(parsed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "log",
        "log==a b",
        "identity=\"https://evil\"",
        "LOG=a",
        "log=\"a",
        "log=\"a\\n\"",
        "log=a, kind=b",
        "log=~\"(\"",
        "log=~\"(?=a)\"",
        // Needs a hundred gigabytes if it is compiled.
        "log=~\"((a{1000}){1000}){1000}\"",
        // Silences are kept one matcher a line.
        "log=\"a\nb\"",
        "log=\"a\rb\""
      })
  void refuses_other_forms_and_labels_that_a_log_could_fill(String text) {
    assertThatThrownBy(() -> Matcher.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("matcher: ")
        .hasMessageContaining("(expected: ");
  }

  @org.junit.jupiter.api.Test
  void refuses_one_that_is_too_long() {
    assertThatThrownBy(() -> Matcher.parse("log=" + "a".repeat(Matcher.MAX_LENGTH)))
        .hasMessage("matcher: 504 characters (expected: at most 500)");
    // What is kept of it would be too long to be read again.
    assertThatThrownBy(() -> Matcher.parse("log=" + "\\".repeat(300)))
        .hasMessage("matcher: 606 characters (expected: at most 500)");
  }
}
