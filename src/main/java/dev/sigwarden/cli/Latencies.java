package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measured times, in the order of measurement.
final class Latencies {
  private final List<Duration> all = new ArrayList<>();

  void add(Duration one) {
    all.add(one);
  }

  int count() {
    return all.size();
  }

  /// The smallest time that at least `percent` of all do not exceed (nearest rank), in
  /// milliseconds; -1 if nothing was measured.
  ///
  /// @param percent `(0, 100]`
  long percentile(int percent) {
    List<Duration> sorted = all.stream().sorted().toList();
    return sorted.isEmpty()
        ? -1
        : sorted.get((int) Math.ceil(sorted.size() * percent / 100.0) - 1).toMillis();
  }

  /// As fields of a JSON object.
  void write(ObjectNode line) {
    line.put("alerts", count());
    line.put("p50Millis", percentile(50));
    line.put("p99Millis", percentile(99));
    line.put("maxMillis", percentile(100));
  }

  @Override
  public String toString() {
    return "p50 %,6d ms   p99 %,6d ms   max %,6d ms   %d alerts"
        .formatted(percentile(50), percentile(99), percentile(100), count());
  }
}
