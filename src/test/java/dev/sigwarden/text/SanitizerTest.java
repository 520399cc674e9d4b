package dev.sigwarden.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SanitizerTest {
  @Test
  void leaves_visible_text_of_any_script_as_it_is() {
    String text = "https://github.com/acme/ä 日本語 עברית \\ <b> 😀";
    assertThat(Sanitizer.clean(text)).isEqualTo(text);
  }

  @Test
  void does_not_normalise_so_that_look_alikes_stay_different() {
    assertThat(Sanitizer.clean("e\u0301")).isEqualTo("e\u0301").isNotEqualTo("\u00e9");
  }

  @Test
  void shows_what_is_invisible_or_turns_text_around_in_hex() {
    assertThat(Sanitizer.clean("a\u202Eb")).isEqualTo("a\\u{202E}b");
    assertThat(Sanitizer.clean("a\r\nb\u0000")).isEqualTo("a\\u{D}\\u{A}b\\u{0}");
    assertThat(Sanitizer.clean("\uD83D")).isEqualTo("\\u{D83D}");
    assertThat(Sanitizer.clean("\uDB40\uDC41")).isEqualTo("\\u{E0041}");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x202A, 0x202E, 0x2066, 0x2069, 0x200B, 0x200F, 0x061C, 0xFEFF, 0xE0000, 0xE007F, 0xFE00,
        0xFE0F, 0xE0100, 0xE01EF, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x00A0, 0x0085, 0x2028,
        0x2029, 0xFFFD, 0xFFFF, 0xE000, 0x10FFFF, 0x1B, 0x07, 0x9B, 0x3000, 0x034F, 0x180E
      })
  void hides_none_of_the_code_points_that_attacks_use(int codePoint) {
    assertThat(Sanitizer.clean(Character.toString(codePoint)))
        .isEqualTo(
            "\\u{" + Integer.toHexString(codePoint).toUpperCase(java.util.Locale.ROOT) + "}");
  }

  @Test
  void cuts_after_512_code_points_and_says_how_many_are_left_out() {
    assertThat(Sanitizer.clean("x".repeat(512))).isEqualTo("x".repeat(512));
    assertThat(Sanitizer.clean("x".repeat(513))).isEqualTo("x".repeat(512) + "…[+1]");
    assertThat(Sanitizer.clean("😀".repeat(1000))).isEqualTo("😀".repeat(512) + "…[+488]");
  }

  @Test
  void cuts_lists_after_20_items() {
    assertThat(Sanitizer.cleanAll(Collections.nCopies(10_000, "a")))
        .hasSize(21)
        .endsWith("…[+9980]");
    assertThat(Sanitizer.cleanAll(List.of("a\n"))).containsExactly("a\\u{A}");
  }

  @Test
  void gives_bounded_visible_text_for_any_code_points_and_does_not_change_it_again() {
    long seed = 20260901;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 3000; round++) {
      String clean = Sanitizer.clean(HostileTexts.random(random));
      assertThat(clean.codePoints().allMatch(Sanitizer::isShown))
          .as("seed %d round %d: %s", seed, round, clean)
          .isTrue();
      assertThat(clean.length()).isLessThanOrEqualTo(512 * 10 + 20);
      if (clean.codePointCount(0, clean.length()) <= Sanitizer.MAX_CODE_POINTS) {
        assertThat(Sanitizer.clean(clean)).as("seed %d round %d", seed, round).isEqualTo(clean);
      }
    }
  }
}
