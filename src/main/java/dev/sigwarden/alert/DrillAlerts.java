package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Turns what a drill's practice log holds into alerts that are marked as drills wherever they
/// arrive, and a drill that failed into a condition.
public final class DrillAlerts {
  private static final String ADDRESS = "address";

  private final String tenant;
  private final Clock clock;

  /// Those of one tenant; the clock gives the time of each telling.
  public DrillAlerts(String tenant, Clock clock) {
    this.tenant = tenant;
    this.clock = clock;
  }

  /// Where a drill of the schedule failed.
  ///
  /// @param drill the operator's name of it
  /// @param watch the watch that was drilled; empty for none
  /// @param receiver who did not take it; empty if it did not get as far as the receivers
  public record Place(String drill, String watch, String receiver) {}

  /// The same finding as a drill's: nobody can take it for a signature.
  ///
  /// @param id of the drill
  /// @param watch the watch that is drilled; empty for none
  public Alert marked(Alert found, String id, String watch) {
    return new Alert(
        found.uid(),
        found.revision(),
        found.event(),
        Kind.DRILL,
        Kind.DRILL.severity(),
        watch.isEmpty() ? Kind.DRILL.title() : Kind.DRILL.title() + " for watch " + found.watch(),
        "This is a drill: Sigwarden signed this itself, into a practice log of its own. Nothing was"
            + " signed in your name, and no log that is watched holds it.",
        found.log(),
        found.watch(),
        found.owner(),
        "",
        found.firstSeen(),
        found.at(),
        found.who(),
        found.what(),
        found.when(),
        found.where().stream().filter(field -> !field.name().equals(ADDRESS)).toList(),
        new Fields().add("drill", id).list(),
        List.of(),
        List.of(
            "Nothing to do: that you read this is the result. It is closed by itself when the drill"
                + " is over."));
  }

  /// A drill of the schedule failed, in one place.
  ///
  /// @param problem what was met there; may hold the receiver's words
  /// @param within how long the drill may take
  public Alert failed(Place place, String step, String problem, Duration within, Instant since) {
    boolean path = place.receiver().isEmpty();
    Instant first = Alerts.millis(since);
    return new Alert(
        failedId(place),
        1,
        Alert.Event.OPENED,
        Kind.DRILL_FAILED,
        Kind.DRILL_FAILED.severity(),
        Kind.DRILL_FAILED.title(),
        Sanitizer.clean(
            path
                ? "Drill %s did not get past the step `%s`: a real signature might not either."
                    .formatted(place.drill(), step)
                : "Receiver %s did not take drill %s in time: it might not take a real alert either."
                    .formatted(place.receiver(), place.drill())),
        "",
        Sanitizer.clean(place.watch()),
        "",
        "",
        first,
        Alerts.millis(clock.instant()),
        List.of(),
        new Fields()
            .add("drill", place.drill())
            .add("step", step)
            .add("receiver", place.receiver())
            .fromLog("problem", problem)
            .add("allowed", within.toString())
            .list(),
        new Fields().add("since", first.toString()).list(),
        List.of(),
        List.of(),
        new Commands().add("sigwarden drill").list(),
        path
            ? List.of(
                "Look at Sigwarden's own log and at the conditions that hold: what is judged and"
                    + " written down at all?",
                "Run the drill again with the command above once that is mended.")
            : List.of(
                "Look for open findings: whoever relies on this receiver may not have been told.",
                "Mend the receiver, or its entry in the configuration; if it is merely slow, give the"
                    + " drill longer with `within`.",
                "Run the drill again with the command above."));
  }

  /// The id of that condition.
  public String failedId(Place place) {
    return FindingId.condition(
        tenant,
        Kind.DRILL_FAILED.label(),
        "%s %s %s".formatted(place.drill(), place.watch(), place.receiver()));
  }
}
