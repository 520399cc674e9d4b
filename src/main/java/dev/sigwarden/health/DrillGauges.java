package dev.sigwarden.health;

import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.store.Drill;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// How the last drills went: of each drill of the schedule, and of those that somebody asked for,
/// the last that was not interrupted.
final class DrillGauges {
  /// What those are called that somebody asked for: no name of the operator's has parentheses.
  static final String ASKED_FOR = "(asked for)";

  private final Daemon daemon;
  private final List<Gauge> gauges;

  private record Gauge(MultiGauge gauge, Function<Drill, Double> value) {}

  /// Registers the gauges.
  DrillGauges(Daemon daemon, MeterRegistry registry) {
    this.daemon = daemon;
    this.gauges =
        List.of(
            gauge(
                registry,
                "sigwarden_drill_passed",
                "Whether the last drill passed",
                drill -> drill.state() == Drill.State.PASSED ? 1.0 : 0.0),
            gauge(
                registry,
                "sigwarden_drill_duration_seconds",
                "From the log to the last receiver that took the last drill",
                drill -> drill.took().map(Duration::toMillis).orElse(0L) / 1e3),
            gauge(
                registry,
                "sigwarden_drill_timestamp_seconds",
                "When the last drill began",
                drill -> drill.startedAt().toEpochMilli() / 1e3));
  }

  private static Gauge gauge(
      MeterRegistry registry, String name, String meaning, Function<Drill, Double> value) {
    return new Gauge(MultiGauge.builder(name).description(meaning).register(registry), value);
  }

  /// Takes the newest numbers over.
  void refresh() {
    List<Drill> last =
        daemon.store().timetable().drills().newest().stream()
            .filter(drill ->
                drill.name().isEmpty()
                    || daemon.configuration().routine().drills().containsKey(drill.name()))
            .toList();
    for (Gauge gauge : gauges) {
      gauge
          .gauge()
          .register(
              last.stream()
                  .<Row<?>>map(drill ->
                      Row.of(
                          Tags.of("drill", drill.name().isEmpty() ? ASKED_FOR : drill.name()),
                          gauge.value().apply(drill)))
                  .toList(),
              true);
    }
  }
}
