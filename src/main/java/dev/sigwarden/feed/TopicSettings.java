package dev.sigwarden.feed;

import dev.sigwarden.notify.kafka.KafkaConnection;
import dev.sigwarden.settings.Section;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/// A topic that an allowlist is read from.
///
/// @param connection the topic
public record TopicSettings(KafkaConnection connection) {
  private static final String KEY = "kafka";
  private static final String MEANING = "a compacted Kafka topic that its lines come from";

  /// Reads the key `kafka` of an allowlist.
  public static Optional<TopicSettings> read(Section allowlist) {
    return allowlist.section(
        KEY,
        MEANING,
        section ->
            new TopicSettings(
                KafkaConnection.read(section, ConsumerConfig.configNames(), "consumer")));
  }

  /// Whether an allowlist has the key, for commands that do not read topics and may not have the
  /// secrets.
  public static boolean isGiven(Section allowlist) {
    return allowlist
        .section(
            KEY,
            MEANING,
            section -> {
              section.skipOthers();
              return true;
            })
        .orElse(false);
  }
}
