package dev.sigwarden.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What a person should know of an allowlist's topic that could be read. One thread's.
final class TopicProblems {
  /// Records, and lines, that are told; of more the rest is not counted.
  private static final int MAX_TOLD = 1_000;

  /// What is wrong with the last record of a key, by the key, or by the offset if it has none.
  private final Map<String, String> malformed = new LinkedHashMap<>();

  /// Lines that count and are not in the topic.
  private final Set<String> missing = new TreeSet<>();

  /// Forgets everything: the topic is read from its start.
  void clear() {
    malformed.clear();
    missing.clear();
  }

  /// Remembers what is wrong with the last record of each key.
  void note(ConsumerRecord<byte[], byte[]> record, TopicRecord parsed) {
    boolean keyed = record.key() != null && record.key().length <= TopicRecord.MAX_KEY;
    String key =
        keyed ? new String(record.key(), StandardCharsets.ISO_8859_1) : "offset " + record.offset();
    if (!(parsed instanceof TopicRecord.Malformed(String reason))) {
      malformed.remove(key);
    } else if (malformed.size() < MAX_TOLD || malformed.containsKey(key)) {
      malformed.put(key, "offset %d: %s".formatted(record.offset(), reason));
    }
  }

  /// A line that counts is not in the topic.
  void miss(String line) {
    if (missing.size() < MAX_TOLD) {
      missing.add(line);
    }
  }

  /// The topic says something of lines again.
  void found(Collection<String> lines) {
    missing.removeAll(lines);
  }

  /// All of it in words; empty for nothing.
  ///
  /// @param counts whether a line still counts
  Optional<String> words(Predicate<String> counts) {
    missing.removeIf(line -> !counts.test(line));
    List<String> words = new ArrayList<>();
    if (!malformed.isEmpty()) {
      words.add(
          "%d records say nothing and change nothing, the first at %s"
              .formatted(malformed.size(), malformed.values().iterator().next()));
    }
    if (!missing.isEmpty()) {
      words.add(
          "%d lines are not in the topic any more and still count, the first %s"
              .formatted(missing.size(), missing.iterator().next()));
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", words));
  }
}
