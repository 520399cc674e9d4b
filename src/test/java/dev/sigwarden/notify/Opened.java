package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Receivers as a configuration file has them.
public final class Opened {
  private Opened() {}

  /// The receiver that these lines of YAML describe, opened under the name `soc`.
  public static Notifier receiver(Path dir, String yaml) {
    return receiver(dir, yaml, Map.of(), TestAlerts.CLOCK);
  }

  /// The same with an environment and a clock.
  public static Notifier receiver(
      Path dir, String yaml, Map<String, String> environment, Clock clock) {
    SettingsFile.Loaded<Map<String, Receiver>> loaded = load(dir, yaml, environment);
    assertThat(loaded.problems()).isEmpty();
    return new Told(
        loaded
            .value()
            .orElseThrow()
            .get("soc")
            .open("soc", new NotifierTools(new AlertText(), clock, "prod-1")));
  }

  /// Says in the log what became of each attempt, where the tests look for secrets.
  private record Told(Notifier inner) implements Notifier {
    private static final Logger LOG = Logger.getLogger(Opened.class);

    @Override
    public Delivery deliver(Message message) {
      Delivery delivery = inner.deliver(message);
      LOG.debugf("%s", delivery);
      return delivery;
    }

    @Override
    public Optional<Duration> refreshInterval() {
      return inner.refreshInterval();
    }

    @Override
    public Delivery refresh(List<Message> standing) {
      Delivery delivery = inner.refresh(standing);
      LOG.debugf("%s", delivery);
      return delivery;
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  /// What is wrong with the receiver that these lines describe: path and expectation.
  public static List<String> problems(Path dir, String yaml) {
    return load(dir, yaml, Map.of()).problems().stream()
        .filter(problem -> !problem.warning())
        .map(Opened::text)
        .toList();
  }

  private static String text(Problem problem) {
    return problem.path() + ": " + problem.found() + " (expected: " + problem.expected() + ")";
  }

  private static SettingsFile.Loaded<Map<String, Receiver>> load(
      Path dir, String yaml, Map<String, String> environment) {
    try {
      Path file = dir.resolve("sigwarden.yaml");
      Files.writeString(file, "receivers:\n  soc:\n" + yaml.indent(4));
      return SettingsFile.load(file, Receivers::read, environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
