package dev.sigwarden.daemon;

import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// A drill at set times, as configured.
///
/// @param cron when, as Quartz writes it
/// @param zone whose clock counts
/// @param watches each drilled by itself, in order; none for a drill of the receivers alone
/// @param receivers who has to take it; none for those that the watch's route leads to, and without
///   a watch all
/// @param within how long it may take from the log to the last receiver
/// @param tell who is told if it fails, less those that failed; none for those that the routes say
public record DrillPlan(
    String cron,
    ZoneId zone,
    List<String> watches,
    List<String> receivers,
    Duration within,
    List<String> tell) {
  /// How long a drill may take unless said otherwise: far more than all steps need, and as long as
  /// anybody wants to wait for an alert.
  public static final Duration DEFAULT_WITHIN = Duration.ofMinutes(1);

  /// The least and the most that may be asked for.
  public static final Duration MIN_WITHIN = Duration.ofSeconds(1);

  public static final Duration MAX_WITHIN = Duration.ofMinutes(10);

  public DrillPlan {
    watches = List.copyOf(watches);
    receivers = List.copyOf(receivers);
    tell = List.copyOf(tell);
  }

  /// What is drilled, one after the other: watches, or none of them.
  List<String> drilled() {
    return watches.isEmpty() ? List.of("") : watches;
  }

  /// Reads one section of `drills`.
  ///
  /// @param known the names of all receivers
  /// @param all the names of all watches
  static DrillPlan read(Section section, Set<String> known, Collection<String> all) {
    Routine.Cron when = Routine.Cron.read(section);
    List<String> watches =
        section.optionalTexts(
            "watches",
            "the watches that are drilled, each by itself; none for the receivers alone");
    watches.forEach(watch -> Nearest.require(section, "watches", "watch", watch, all));
    List<String> receivers =
        section.optionalTexts(
            "receivers",
            "who has to take it; none for those of the watch's route, and without a watch all");
    Routine.require(section, "receivers", receivers, known);
    Duration within =
        section.duration(
            "within",
            DEFAULT_WITHIN,
            MIN_WITHIN,
            MAX_WITHIN,
            "how long it may take from the log to the last receiver");
    List<String> tell =
        section.optionalTexts(
            "tell", "who is told if it fails, less those that failed; none for the routes'");
    Routine.require(section, "tell", tell, known);
    if (!tell.isEmpty() && !receivers.isEmpty() && receivers.containsAll(tell)) {
      section.problem("tell", String.join(", ", tell), "a receiver besides those that are drilled");
    }
    return new DrillPlan(when.cron(), when.zone(), watches, receivers, within, tell);
  }
}
