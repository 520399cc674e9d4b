package dev.sigwarden.it;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a run of several replicas showed: how long entries of each log waited from their
/// publication until they were judged, and what the processes held.
final class ClusterFigures {
  private record Published(long size, long at) {}

  private final Map<String, Deque<Published>> waiting = new TreeMap<>();
  private final Map<String, List<Long>> waited = new TreeMap<>();
  private final Map<Integer, Long> resident = new TreeMap<>();
  private int connections;

  /// A log has published that many entries in all.
  void published(String log, long size) {
    waiting
        .computeIfAbsent(log, _ -> new ArrayDeque<>())
        .add(new Published(size, System.nanoTime()));
  }

  /// Logs are judged up to there.
  void judged(Map<String, Long> positions) {
    positions.forEach((log, position) -> {
      Deque<Published> mine = waiting.getOrDefault(log, new ArrayDeque<>());
      while (!mine.isEmpty() && mine.getFirst().size() <= position) {
        waited
            .computeIfAbsent(log, _ -> new ArrayList<>())
            .add(System.nanoTime() - mine.removeFirst().at());
      }
    });
  }

  /// A replica's process holds this.
  void process(int replica, long pid, int connected) {
    if (ProcessHandle.of(pid).isPresent()) {
      resident.merge(replica, Footprint.resident(pid), Math::max);
      connections = Math.max(connections, connected);
    }
  }

  /// The longest that entries of any log waited.
  Duration longest() {
    return Duration.ofNanos(waited.values().stream().mapToLong(Collections::max).max().orElse(0));
  }

  /// All of it in words, one line a log.
  String words() {
    StringBuilder words = new StringBuilder();
    waited.forEach((log, times) -> {
      List<Long> sorted = times.stream().sorted().toList();
      words.append(
          "%s: %d publications judged after %.1f s (median), %.1f s (99 of 100), %.1f s (longest)%n"
              .formatted(
                  log,
                  sorted.size(),
                  sorted.get(sorted.size() / 2) / 1e9,
                  sorted.get(sorted.size() * 99 / 100) / 1e9,
                  sorted.getLast() / 1e9));
    });
    resident.forEach((replica, bytes) ->
        words.append("replica %d: %d MiB resident at most%n".formatted(replica, bytes >> 20)));
    return words.append("connections of one replica: %d at most".formatted(connections)).toString();
  }
}
