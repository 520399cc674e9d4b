package dev.sigwarden.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("poll", "start", "stale-after", "url", "key", "to", "receivers");

  @ParameterizedTest
  @CsvSource({
    "pol, poll",
    "polll, poll",
    "plol, poll",
    "POLL, poll",
    "stale_after, stale-after",
    "staleafter, stale-after",
    "ulr, url",
    "kye, key",
    "reciever, receivers",
    "tp, to",
  })
  void finds_what_a_slip_of_the_hand_meant(String word, String meant) {
    assertThat(Nearest.of(word, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"contact", "p", "xyz", "''", "ab"})
  void finds_nothing_far_away(String word) {
    assertThat(Nearest.of(word, List.of("poll", "start", "stale-after"))).isEmpty();
  }

  @Test
  void name_that_nothing_has_is_told_with_those_there_are_or_that_there_is_none() {
    for (List<String> known : List.of(List.<String>of(), List.of("soc", "mail"))) {
      List<Problem> problems =
          SettingsFile.read(
                  "to: sock\n".getBytes(StandardCharsets.UTF_8),
                  "file",
                  Path.of("/"),
                  section -> {
                    String name = section.text("to", "a receiver");
                    Nearest.require(section, "to", "receiver", name, known);
                    return name;
                  },
                  Map.of())
              .problems();
      assertThat(problems)
          .singleElement()
          .asString()
          .contains("unknown receiver sock")
          .contains(known.isEmpty() ? "none: there is no receiver" : "one of soc, mail");
    }
  }

  @Test
  void does_not_compare_what_is_too_long() {
    String word = "a".repeat(100_000);

    assertThat(Nearest.of(word, List.of("poll", word + "b"))).isEmpty();
  }
}
