package dev.sigwarden.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any text becomes visible and bounded, and stays as it is if it was both before.
class SanitizerFuzz {
  @FuzzTest
  void shows_only_visible_bounded_text(byte[] bytes) {
    String text = HostileTexts.of(bytes);
    String clean = Sanitizer.clean(text);
    assertThat(clean.codePoints().allMatch(Sanitizer::isShown)).isTrue();
    assertThat(clean.length()).isLessThanOrEqualTo(512 * 10 + 20);
    if (!Sanitizer.cuts(text) && text.codePoints().allMatch(Sanitizer::isShown)) {
      assertThat(clean).isEqualTo(text);
    }
  }
}
