package dev.sigwarden.notify.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.Opened;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleNotifierTest extends NotifierContract {
  private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
  private boolean away;

  private final PrintStream out =
      new PrintStream(
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              if (away) {
                throw new IOException("Broken pipe");
              }
              captured.write(b);
            }
          },
          false,
          StandardCharsets.UTF_8);

  @Override
  protected Notifier open() {
    return open(ConsoleChannel.Format.JSON);
  }

  private Notifier open(ConsoleChannel.Format format) {
    return new ConsoleNotifier(
        out, format, new NotifierTools(new AlertText(), TestAlerts.CLOCK, "prod-1"));
  }

  @Override
  protected Set<String> secrets() {
    return Set.of();
  }

  @Override
  protected List<Received> received() throws IOException {
    List<Received> received = new ArrayList<>();
    for (String line : captured.toString(StandardCharsets.UTF_8).lines().toList()) {
      JsonNode alert = JsonMapper.builder().build().readTree(line);
      received.add(new Received(alert.get("uid").textValue() + "-" + alert.get("revision"), line));
    }
    return received;
  }

  @Override
  protected void takeAway() {
    away = true;
  }

  @Test
  void prints_a_block_for_people_by_default(@TempDir Path dir) {
    PrintStream before = System.out;
    System.setOut(out);
    try (Notifier notifier = Opened.receiver(dir, "channel: console")) {
      notifier.deliver(first(TestAlerts.fork()));
    } finally {
      System.setOut(before);
    }
    assertThat(captured.toString(StandardCharsets.UTF_8))
        .isEqualTo(new AlertText().text(TestAlerts.fork()).stripTrailing() + "\n\n");
  }
}
