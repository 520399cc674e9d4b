package dev.sigwarden.feed;

import dev.sigwarden.notify.kafka.KafkaConnection;
import dev.sigwarden.settings.Section;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;

/// Where every observation is written to.
///
/// @param connection the topic
/// @param behind how old an observation may be that the topic does not have, before that is told
public record FeedSettings(KafkaConnection connection, Duration behind) {
  private static final Duration DEFAULT_BEHIND = Duration.ofMinutes(10);
  private static final Duration MIN_BEHIND = Duration.ofSeconds(10);
  private static final Duration MAX_BEHIND = Duration.ofDays(7);

  /// Reads the section `feed` of the configuration.
  public static Optional<FeedSettings> read(Section root) {
    return root.section(
        "feed",
        "a Kafka topic that gets every entry that a watch selected, whatever the verdict",
        section ->
            new FeedSettings(
                KafkaConnection.read(section, ProducerConfig.configNames(), "producer"),
                section.duration(
                    "behind",
                    DEFAULT_BEHIND,
                    MIN_BEHIND,
                    MAX_BEHIND,
                    "tell when the topic lacks an observation for so long")));
  }
}
