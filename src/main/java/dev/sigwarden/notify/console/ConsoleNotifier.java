package dev.sigwarden.notify.console;

import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierTools;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Prints alerts, each in one write. Never closes the stream: it is the process's.
final class ConsoleNotifier implements Notifier {
  private final PrintStream out;
  private final ConsoleChannel.Format format;
  private final NotifierTools tools;

  ConsoleNotifier(PrintStream out, ConsoleChannel.Format format, NotifierTools tools) {
    this.out = out;
    this.format = format;
    this.tools = tools;
  }

  @Override
  public Delivery deliver(Message message) {
    String text =
        switch (format) {
          case TEXT ->
              tools.text().render(Form.TEXT, "console", message.alert()).stripTrailing() + "\n\n";
          case JSON -> AlertJson.write(message.alert()) + "\n";
        };
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    // PrintStream flushes here, and remembers trouble instead of throwing.
    return out.checkError()
        ? new Delivery.TryAgain("the console cannot be written to", Optional.empty())
        : new Delivery.Delivered("");
  }

  @Override
  public void close() {
    out.flush();
  }
}
