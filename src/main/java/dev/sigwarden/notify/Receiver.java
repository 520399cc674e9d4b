package dev.sigwarden.notify;

import dev.sigwarden.settings.Section;

/// A receiver as configured: how it is opened, and how much it bears.
///
/// @param source how to open it
/// @param rate messages a minute that it is sent at most, `[1, MAX_RATE]`
public record Receiver(NotifierSource source, int rate) {
  /// Messages a minute unless said otherwise: far above what people read, and below what web hooks
  /// usually bear.
  public static final int DEFAULT_RATE = 600;

  /// The most that may be asked for, messages a minute: what one connection at a time can carry.
  public static final int MAX_RATE = 60_000;

  /// A notifier for the receiver named `name`; sends nothing yet.
  public Notifier open(String name, NotifierTools tools) {
    return source.open(name, tools);
  }

  /// Reads the key `rate`, which every channel has.
  static int readRate(Section receiver) {
    return (int)
        receiver.number(
            "rate", DEFAULT_RATE, 1, MAX_RATE, "messages a minute that are sent at most");
  }
}
