package dev.sigwarden.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TopicSurveyTest {
  private static byte[] key(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void only_the_last_record_of_a_key_counts_and_whatever_came_later() {
    TopicSurvey survey = new TopicSurvey(10);
    assertThat(survey.note(key("a"), 0, true)).isTrue();
    assertThat(survey.note(key("b"), 1, true)).isTrue();
    assertThat(survey.note(key("a"), 2, false)).isTrue();
    assertThat(survey.note(key("c"), 3, false)).isTrue();
    assertThat(survey.note(key("c"), 4, true)).isTrue();
    assertThat(survey.counts(key("a"), 0)).isFalse();
    assertThat(survey.counts(key("a"), 2)).isTrue();
    assertThat(survey.counts(key("b"), 1)).isTrue();
    assertThat(survey.counts(key("a"), 10)).isTrue();
    assertThat(survey.counts(key("unknown"), 5)).isTrue();
    assertThat(survey.has(key("a"))).isFalse();
    assertThat(survey.has(key("b"))).isTrue();
    assertThat(survey.has(key("c"))).isTrue();
    assertThat(survey.has(key("unknown"))).isFalse();
  }
}
