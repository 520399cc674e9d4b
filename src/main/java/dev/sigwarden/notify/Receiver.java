package dev.sigwarden.notify;

import dev.sigwarden.settings.Section;
import dev.sigwarden.watch.Severity;
import java.util.Map;
import java.util.regex.Pattern;

/// A receiver as configured: how it is opened, and how much it bears.
///
/// @param source how to open it
/// @param rate messages a minute that it is sent at most, `[1, MAX_RATE]`
/// @param least the lowest severity that it is told of; tests are told all the same
/// @param fields what every alert to it says besides, by name
/// @param incidents whether it keeps an incident for what it is told of until that is over
public record Receiver(
    NotifierSource source,
    int rate,
    Severity least,
    Map<String, String> fields,
    boolean incidents) {
  /// Messages a minute unless said otherwise: far above what people read, and below what web hooks
  /// usually bear.
  public static final int DEFAULT_RATE = 600;

  /// The most that may be asked for, messages a minute: what one connection at a time can carry.
  public static final int MAX_RATE = 60_000;

  /// Names of additional fields: such as a JSON key, a label and a line of text can all have.
  private static final Pattern FIELD = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /// Additional fields of one receiver.
  private static final int MAX_FIELDS = 20;

  public Receiver {
    fields = Map.copyOf(fields);
  }

  /// A notifier for the receiver named `name`; sends nothing yet.
  public Notifier open(String name, NotifierTools tools) {
    return new FittedNotifier(source.open(name, tools), least, fields);
  }

  /// Reads the key `min-severity`, which every channel has.
  static Severity readLeast(Section receiver) {
    return receiver.choice(
        "min-severity",
        Severity.class,
        Severity.INFO,
        "the lowest severity that it is told of; tests are told all the same");
  }

  /// Reads the key `fields`, which every channel has.
  static Map<String, String> readFields(Section receiver) {
    Map<String, String> fields =
        receiver.textMap("fields", "what every alert says besides: names and values of your own");
    if (fields.size() > MAX_FIELDS) {
      receiver.problem("fields", fields.size() + " of them", "at most " + MAX_FIELDS);
    }
    fields.keySet().stream()
        .filter(field -> !FIELD.matcher(field).matches())
        .forEach(field ->
            receiver.problem(
                "fields",
                PeerWords.clean(field),
                "up to 32 small letters, digits and hyphens, a letter first"));
    return fields;
  }

  /// Reads the key `rate`, which every channel has.
  static int readRate(Section receiver) {
    return (int)
        receiver.number(
            "rate", DEFAULT_RATE, 1, MAX_RATE, "messages a minute that are sent at most");
  }
}
