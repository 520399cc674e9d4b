package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.text.HostileTexts;

/// Any text of a log stays text in every form of an alert: no markup, no line of its own.
class AlertTextFuzz {
  private static final AlertText TEXT = new AlertText();

  @FuzzTest
  void renders_any_text_of_a_log_without_markup(byte[] bytes) {
    Alert alert = TestAlerts.hostile(HostileTexts.of(bytes));
    String calm = TEXT.html(TestAlerts.hostile("x"));
    assertThat(AlertTextTest.tags(TEXT.html(alert))).startsWith("<!doctype html>");
    assertThat(AlertTextTest.tagNames(TEXT.html(alert))).isSubsetOf(AlertTextTest.tagNames(calm));
    assertThat(TEXT.text(alert)).doesNotContain("\r").doesNotContain("\u001b");
    assertThat(TEXT.subject(alert)).hasSizeLessThanOrEqualTo(100);
  }
}
