package dev.sigwarden.notify;

import dev.sigwarden.settings.Section;
import dev.sigwarden.watch.Severity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Reads the `receivers` of a configuration.
public final class Receivers {
  private Receivers() {}

  /// The receivers by name, in the file's order; those with problems are left out and noted at the
  /// section.
  public static Map<String, Receiver> read(Section root) {
    Map<String, Function<Section, Opening>> readers = new TreeMap<>();
    channels()
        .forEach((name, channel) ->
            readers.put(
                name,
                section -> new Opening(channel.configure(section), channel.keepsIncidents())));
    Map<String, Receiver> receivers = new LinkedHashMap<>();
    root.sections(
            "receivers", "destinations of alerts by name", receiver -> receiver(receiver, readers))
        .forEach((name, read) -> read.ifPresent(found -> receivers.put(name, found)));
    return receivers;
  }

  /// A receiver's own part of its section, read.
  private record Opening(NotifierSource source, boolean incidents) {}

  private static Optional<Receiver> receiver(
      Section receiver, Map<String, Function<Section, Opening>> readers) {
    int rate = Receiver.readRate(receiver);
    Severity least = Receiver.readLeast(receiver);
    Map<String, String> fields = Receiver.readFields(receiver);
    return receiver
        .variant("channel", "how alerts get there", readers)
        .map(read -> new Receiver(read.source(), rate, least, fields, read.incidents()));
  }

  /// The names of the channels that this program holds.
  public static Set<String> channelNames() {
    return Set.copyOf(channels().keySet());
  }

  /// Every channel that this program holds, by name.
  static Map<String, Channel> channels() {
    Map<String, Channel> channels = new TreeMap<>();
    for (Channel channel : ServiceLoader.load(Channel.class, Channel.class.getClassLoader())) {
      if (channels.putIfAbsent(channel.name(), channel) != null) {
        throw new IllegalStateException(
            "channel %s: two of them (expected: one name each)".formatted(channel.name()));
      }
    }
    return channels;
  }

  /// Opens these receivers, by name: all or none.
  public static Map<String, Notifier> open(Map<String, Receiver> receivers, NotifierTools tools) {
    Map<String, Notifier> notifiers = new LinkedHashMap<>();
    boolean all = false;
    try {
      receivers.forEach((name, receiver) -> notifiers.put(name, receiver.open(name, tools)));
      all = true;
      return notifiers;
    } finally {
      if (!all) {
        notifiers.values().forEach(Notifier::close);
      }
    }
  }
}
