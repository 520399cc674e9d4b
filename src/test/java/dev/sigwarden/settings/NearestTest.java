package dev.sigwarden.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
  void does_not_compare_what_is_too_long() {
    String word = "a".repeat(100_000);

    assertThat(Nearest.of(word, List.of("poll", word + "b"))).isEmpty();
  }
}
