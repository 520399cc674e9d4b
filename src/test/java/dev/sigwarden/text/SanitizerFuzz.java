package dev.sigwarden.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class SanitizerFuzz {
  @FuzzTest
  void shows_only_visible_bounded_text(FuzzedDataProvider data) {
    String clean = Sanitizer.clean(data.consumeRemainingAsString());
    assertThat(clean.codePoints().allMatch(Sanitizer::isShown)).isTrue();
    assertThat(clean.length()).isLessThanOrEqualTo(512 * 10 + 20);
  }
}
