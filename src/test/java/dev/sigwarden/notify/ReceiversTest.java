package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiversTest {
  @Test
  void finds_every_channel_of_this_program() {
    assertThat(Receivers.channels())
        .containsOnlyKeys(
            "alertmanager",
            "console",
            "elasticsearch",
            "email",
            "github",
            "kafka",
            "opsgenie",
            "pagerduty",
            "slack",
            "splunk",
            "syslog",
            "teams",
            "webhook");
  }

  @Test
  void names_the_nearest_channel(@TempDir Path dir) {
    assertThat(Opened.problems(dir, "channel: kafak\n"))
        .singleElement()
        .asString()
        .contains("receivers.soc.channel", "kafka");
  }

  @Test
  void names_an_option_that_the_channel_does_not_have(@TempDir Path dir) {
    assertThat(Opened.problems(dir, "channel: console\nformt: json\n"))
        .singleElement()
        .asString()
        .contains("formt", "format");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "60001", "many"})
  void refuses_a_rate_at_which_nothing_or_no_limit_is_left(String rate, @TempDir Path dir) {
    assertThat(Opened.problems(dir, "channel: console\nrate: " + rate + "\n"))
        .singleElement()
        .asString()
        .contains("receivers.soc.rate", rate);
  }

  @Test
  void describes_every_channel_in_the_schema() {
    assertThat(SettingsFile.schema("Receivers", Receivers::read).toString())
        .contains("webhook", "previous-secret", "starttls", "scram-sha-512", "\"rate\"");
  }
}
