package dev.sigwarden.notify.console;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.settings.Section;

/// `channel: console`: prints alerts.
@AutoService(Channel.class)
public final class ConsoleChannel implements Channel {
  /// How an alert is printed.
  public enum Format {
    /// A block for people, with an empty line after it.
    TEXT,
    /// One line of JSON.
    JSON
  }

  /// Where alerts are printed.
  public enum Stream {
    STDOUT,
    STDERR
  }

  @Override
  public String name() {
    return "console";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    Format format =
        receiver.choice("format", Format.class, Format.TEXT, "a block of text, or a line of JSON");
    Stream stream =
        receiver.choice("stream", Stream.class, Stream.STDOUT, "standard output, or error");
    // System.out is looked up when opened: tests and commands may replace it.
    return (_, tools) ->
        new ConsoleNotifier(stream == Stream.STDOUT ? System.out : System.err, format, tools);
  }
}
