package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guide to receivers holds what the program takes.
class ReceiversDocTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```yaml\n(channel: .*?)```", Pattern.DOTALL);
  private static final Map<String, String> ENVIRONMENT =
      Map.ofEntries(
          Map.entry("CLIENT_SECRET", "secret"),
          Map.entry("HOOK_KEY", "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
          Map.entry("OLD_HOOK_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
          Map.entry("KAFKA_PASSWORD", "secret"),
          Map.entry("PAGERDUTY_KEY", "0123456789abcdef0123456789abcdef"),
          Map.entry("SLACK_WEBHOOK", "https://hooks.slack.example/services/T/B/x"),
          Map.entry("TEAMS_WORKFLOW", "https://teams.example/workflows/1?sig=x"),
          Map.entry("SPLUNK_TOKEN", "secret"),
          Map.entry("JSM_KEY", "secret"),
          Map.entry("GITHUB_TOKEN", "secret"),
          Map.entry("ELASTIC_KEY", "secret"));

  @Test
  void every_example_is_taken_and_every_channel_has_a_section(@TempDir Path dir)
      throws IOException {
    String guide = Files.readString(Path.of("docs", "receivers.md"));
    List<String> examples = new ArrayList<>();
    Matcher matcher = EXAMPLE.matcher(guide);
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    assertThat(examples).hasSize(Receivers.channelNames().size() - 1);
    for (String example : examples) {
      Path file = dir.resolve("sigwarden.yaml");
      Files.writeString(file, "receivers:\n  soc:\n" + example.indent(4));
      var loaded = SettingsFile.load(file, Receivers::read, ENVIRONMENT);
      assertThat(loaded.problems()).as(example).isEmpty();
      assertThat(loaded.value().orElseThrow()).containsKey("soc");
    }
    for (String channel : Receivers.channelNames()) {
      assertThat(guide).contains("\n## " + channel + "\n");
    }
  }
}
