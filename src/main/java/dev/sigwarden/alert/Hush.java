package dev.sigwarden.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of the configuration holds tellings back; silences are in the database. None of it holds
/// back a log's misbehaviour.
///
/// @param tenant whose alerts they are
/// @param inhibitions in the file's order
/// @param intervals by the operator's name
public record Hush(
    String tenant, List<Inhibition> inhibitions, Map<String, TimeInterval> intervals) {
  /// Holds nothing back.
  public static final Hush NONE = new Hush("", List.of(), Map.of());

  public Hush {
    inhibitions = List.copyOf(inhibitions);
    intervals = Map.copyOf(intervals);
  }

  /// The labels of an alert.
  public Labels labels(Alert alert) {
    return Labels.of(alert, tenant);
  }

  /// Which rule inhibits the alert, if any.
  ///
  /// @param sources what holds, this alert left out
  public Optional<String> inhibits(Labels alert, List<Labels> sources) {
    return inhibitions.stream()
        .filter(rule -> rule.holds(alert, sources))
        .map(Inhibition::name)
        .findFirst();
  }

  /// Which interval keeps the alert back now, if any. An interval that is not configured any more
  /// keeps nothing back.
  public Optional<String> outOfHours(Labels alert, Telling.Hours hours, Instant now) {
    if (alert.integrity()) {
      return Optional.empty();
    }
    Optional<String> mute = hours.mute().stream().filter(name -> within(name, now)).findFirst();
    boolean active =
        hours.active().isEmpty()
            || hours.active().stream()
                .anyMatch(name -> within(name, now) || !intervals.containsKey(name));
    return mute.isPresent() || active ? mute : Optional.of(hours.active().getFirst());
  }

  private boolean within(String name, Instant now) {
    TimeInterval interval = intervals.get(name);
    return interval != null && interval.contains(now);
  }
}
