package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.TestAlerts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FittingTest {
  private final Alert alert = TestAlerts.unexpected(TestAlerts.IDENTITY);

  @Test
  void leaves_alone_what_fits() {
    Alert fitted = Fitting.fit(alert, made -> made, _ -> true);
    assertThat(fitted).isEqualTo(alert);
  }

  @Test
  void becomes_shorter_with_each_step_and_says_so() {
    List<String> made = new ArrayList<>();
    Alert last =
        Fitting.fit(
            alert,
            fitted -> {
              made.add(AlertJson.write(fitted));
              return fitted;
            },
            _ -> false);
    assertThat(made).hasSize(6);
    for (int i = 1; i < made.size(); i++) {
      assertThat(made.get(i)).hasSizeLessThanOrEqualTo(made.get(i - 1).length());
      assertThat(made.get(i)).contains("left-out", alert.uid(), alert.title());
    }
    assertThat(last.who()).isEmpty();
    assertThat(last.scope())
        .singleElement()
        .satisfies(field -> assertThat(field.name()).isEqualTo("left-out"));
  }

  @ParameterizedTest
  @CsvSource({"abc, 3, abc", "abcd, 3, ab…", "a\uD83D\uDE00b, 3, a…", "ab\uD83D\uDE00, 3, ab…"})
  void cuts_between_code_points(String text, int max, String cut) {
    assertThat(Fitting.cut(text, max)).isEqualTo(cut);
  }
}
