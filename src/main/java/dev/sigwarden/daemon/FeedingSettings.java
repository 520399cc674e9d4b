package dev.sigwarden.daemon;

import dev.sigwarden.feed.FeedSettings;
import dev.sigwarden.feed.TopicSettings;
import dev.sigwarden.settings.Section;
import java.util.Map;
import java.util.Optional;

/// What is written to topics and read from them.
///
/// @param observations where every observation goes; empty for nowhere
/// @param allowlists topics that allowlists are read from, by the list's name
public record FeedingSettings(
    Optional<FeedSettings> observations, Map<String, TopicSettings> allowlists) {
  public FeedingSettings {
    allowlists = Map.copyOf(allowlists);
  }

  /// Whether an allowlist is read from a topic, which is read to say that.
  static boolean isFromTopic(Section allowlist) {
    return TopicSettings.read(allowlist).isPresent();
  }

  /// Reads of an allowlist's section which topic it is read from; whether it is from one.
  static boolean readTopic(Section allowlist, Map<String, TopicSettings> topics) {
    Optional<TopicSettings> topic = TopicSettings.read(allowlist);
    topic.ifPresent(settings -> topics.put(allowlist.name(), settings));
    return topic.isPresent();
  }
}
