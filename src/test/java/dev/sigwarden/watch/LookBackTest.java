package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How far back a watch may want to look, in one written form each.
class LookBackTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "beginning, 1970-01-01T00:00:00Z",
    "2026-01-31, 2026-01-31T00:00:00Z",
    "1d, 2026-11-22T10:00:00Z",
    "90d, 2026-08-25T10:00:00Z",
  })
  void says_from_when_on(String written, Instant from) {
    assertThat(LookBack.parse(written).orElseThrow().from(NOW)).isEqualTo(from);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0d",
        "01d",
        "10001d",
        "99999d",
        "1h",
        "-1d",
        "Beginning",
        "2026-02-30",
        "2026-1-31",
        "1969-12-31",
        "+12026-01-31",
        "2026-01-31T00:00:00Z",
        "20260131"
      })
  void takes_no_other_form(String written) {
    assertThat(LookBack.parse(written)).isEmpty();
  }

  @Test
  void most_days_are_taken() {
    assertThat(LookBack.parse(LookBack.MOST_DAYS + "d")).isPresent();
  }
}
