package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilenceTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private static Silence silence(
      String matchers, Duration length, String author, String comment, boolean forced) {
    List<Matcher> parsed =
        Stream.of(matchers.split(" ")).filter(it -> !it.isEmpty()).map(Matcher::parse).toList();
    return new Silence(parsed, NOW, NOW.plus(length), author, comment, forced);
  }

  @ParameterizedTest(name = "{0} {1} by {2}: {4}")
  @CsvSource({
    "'', PT1H, jo, moving, 'matchers: 0 (expected: 1 to 20)'",
    "log=~.*, PT1H, jo, moving, 'matchers: every alert has them all'",
    "log!=x, PT1H, jo, moving, 'matchers: every alert has them all'",
    "log=a, PT0S, jo, moving, 'endsAt: '",
    "log=a, P31D, jo, moving, 'at most 30 days'",
    "log=a, PT1H, ' ', moving, 'author: empty'",
    "log=a, PT1H, jo, '', 'comment: empty'",
    "family=integrity, PT1H, jo, moving, 'they name a log''s misbehaviour'",
    "kind=log-rollback, PT1H, jo, moving, 'they name a log''s misbehaviour'",
  })
  void says_what_it_lacks(
      String matchers, Duration length, String author, String comment, String message) {
    assertThatThrownBy(() -> silence(matchers, length, author, comment, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "kind=unexpected-signatur, 'matchers: no kind of alert has them all'",
    "family=identity kind=log-unreachable, 'matchers: no kind of alert has them all'",
    "kind=~log-fork|log-rollback, 'matchers: only a log''s misbehaviour has them'",
    "family=~integ.*, 'matchers: only a log''s misbehaviour has them'",
  })
  void that_can_hold_nothing_back_says_why(String matchers, String message) {
    Silence futile = silence(matchers, Duration.ofHours(1), "jo", "moving", false);
    assertThat(futile.futility(NOW).orElse("")).startsWith(message).contains("(expected: ");
  }

  @Test
  void that_may_hold_something_back_is_not_futile_before_its_end() {
    for (String matchers :
        List.of("kind=~log-.*", "family=drill", "watch=a", "severity!=low log=a")) {
      Silence silence = silence(matchers, Duration.ofHours(1), "jo", "moving", false);
      assertThat(silence.futility(NOW)).as(matchers).isEmpty();
      assertThat(silence.futility(NOW.plusSeconds(3_600)).orElse("")).contains("is over");
    }
    assertThat(silence("family=integrity", Duration.ofHours(1), "jo", "moved", true).futility(NOW))
        .isEmpty();
  }

  @Test
  void holds_back_what_has_its_labels_and_no_lying_log_unless_forced() {
    Silence any = silence("severity=~.+", Duration.ofHours(1), "jo", "drill", false);
    Silence forced = silence("family=integrity", Duration.ofHours(1), "jo", "moved", true);
    Labels fork = Labels.of(TestAlerts.fork(), "acme");
    assertThat(any.holds(Labels.of(TestAlerts.unreachable(), "acme"))).isTrue();
    assertThat(any.holds(fork)).isFalse();
    assertThat(forced.holds(fork)).isTrue();
    assertThat(any.active(NOW)).isTrue();
    assertThat(any.active(NOW.plusSeconds(3_600))).isFalse();
    assertThat(any.active(NOW.minusMillis(1))).isFalse();
  }
}
