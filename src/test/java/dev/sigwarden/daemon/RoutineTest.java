package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sigwarden.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When reports are told.
class RoutineTest {
  @TempDir private Path folder;

  private List<Problem> problems(String cron) throws IOException {
    String report = "reports: {daily: {cron: '%s', receivers: [terminal]}}%n".formatted(cron);
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            Files.readString(Path.of("config/first.yaml")) + report);
    return Configuration.load(file, Map.of()).problems();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0 8 * * *, is not understood",
    "0 0 8 30 2 ?, never fires",
    "* * * * * ?, fires again after PT1S",
    "* 0 8 ? * MON-FRI, fires again after PT1S",
    "0 0/5 * * * ?, fires again after PT5M",
  })
  void report_at_no_time_or_at_each_second_is_a_problem(String cron, String why)
      throws IOException {
    assertThat(problems(cron))
        .extracting(Problem::path, Problem::found)
        .containsExactly(tuple("reports.daily.cron", cron + " " + why));
  }

  @ParameterizedTest
  @CsvSource({"0 0 8 ? * MON-FRI", "0 0/10 * * * ?", "0 30 2 L * ?", "0 0 0 29 2 ?"})
  void report_now_and_then_is_none(String cron) throws IOException {
    assertThat(problems(cron)).isEmpty();
  }
}
