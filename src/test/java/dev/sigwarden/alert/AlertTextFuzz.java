package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class AlertTextFuzz {
  private static final AlertText TEXT = new AlertText();

  @FuzzTest
  void renders_any_text_of_a_log_without_markup(FuzzedDataProvider data) {
    Alert alert = TestAlerts.hostile(data.consumeRemainingAsString());
    String calm = TEXT.html(TestAlerts.hostile("x"));
    assertThat(AlertTextTest.tags(TEXT.html(alert))).startsWith("<!doctype html>");
    assertThat(AlertTextTest.tagNames(TEXT.html(alert))).isSubsetOf(AlertTextTest.tagNames(calm));
    assertThat(TEXT.text(alert)).doesNotContain("\r").doesNotContain("\u001b");
    assertThat(TEXT.subject(alert)).hasSizeLessThanOrEqualTo(100);
  }
}
