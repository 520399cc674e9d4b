package dev.sigwarden.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-10-21T07:28:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120                           | PT2M",
        "0                             | PT1S",
        "007                           | PT7S",
        "3600                          | PT1H",
        "3601                          | PT1H",
        "999999999                     | PT1H",
        "99999999999999999999          | PT1H",
        "Wed, 21 Oct 2026 07:28:30 GMT | PT30S",
        "Wed, 21 Oct 2026 07:27:30 GMT | PT1S",
        "Fri, 31 Dec 9999 23:59:59 GMT | PT1H",
        "Thu, 1 Jan 1970 00:00:00 GMT  | PT1S",
      })
  void asks_for_a_pause_between_a_second_and_an_hour(String value, Duration pause) {
    assertThat(RetryAfter.parse(value, NOW)).contains(pause);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "soon",
        "١٢",
        "Wed, 21 Oct 2026",
        "Mon, 21 Oct 2026 07:28:30 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "00000000000000000000000000000000000000000000001",
      })
  void anything_else_asks_for_nothing(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isEmpty();
  }

  @Test
  void mutations_ask_for_a_pause_within_bounds_or_for_nothing() {
    long seed = 20261124;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = "Wed, 21 Oct 2026 07:28:30 GMT".getBytes(StandardCharsets.ISO_8859_1);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      String value = new String(bytes, StandardCharsets.ISO_8859_1);
      RetryAfter.parse(value, NOW)
          .ifPresent(pause ->
              assertThat(pause)
                  .as("seed %d: %s", seed, value)
                  .isBetween(RetryAfter.MIN, RetryAfter.MAX));
    }
  }
}
