package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeIntervalTest {
  @TempDir private Path dir;

  /// 2026-11-23 is a Monday.
  @ParameterizedTest(name = "{0} at {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 2026-11-23T00:00:00Z | true",
        "{times: '08:00-18:00'} | 2026-11-23T08:00:00Z | true",
        "{times: '08:00-18:00'} | 2026-11-23T07:59:59Z | false",
        "{times: '08:00-18:00'} | 2026-11-23T18:00:00Z | false",
        "{times: ['08:00-09:00', '20:00-24:00']} | 2026-11-23T23:59:59Z | true",
        "{weekdays: monday-friday} | 2026-11-27T12:00:00Z | true",
        "{weekdays: monday-friday} | 2026-11-28T12:00:00Z | false",
        "{weekdays: saturday-monday} | 2026-11-23T12:00:00Z | true",
        "{weekdays: saturday-monday} | 2026-11-24T12:00:00Z | false",
        // A night belongs to the day on which it begins.
        "{weekdays: friday, times: '22:00-06:00'} | 2026-11-28T05:59:59Z | true",
        "{weekdays: friday, times: '22:00-06:00'} | 2026-11-27T05:59:59Z | false",
        "{weekdays: friday, times: '22:00-06:00'} | 2026-11-27T22:00:00Z | true",
        // The clock of the place, which summer time moves.
        "{times: '08:00-18:00', zone: Europe/Zurich} | 2026-07-01T06:00:00Z | true",
        "{times: '08:00-18:00', zone: Europe/Zurich} | 2026-12-01T06:00:00Z | false",
      })
  void holds_the_hours_of_its_place(String yaml, Instant time, boolean expected)
      throws IOException {
    Path file = Files.writeString(dir.resolve("sigwarden.yaml"), "interval: " + yaml + "\n");
    SettingsFile.Loaded<TimeInterval> loaded =
        SettingsFile.load(
            file,
            root -> root.section("interval", "hours", TimeInterval::read).orElseThrow(),
            Map.of());
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.value().orElseThrow().contains(time)).isEqualTo(expected);
  }
}
