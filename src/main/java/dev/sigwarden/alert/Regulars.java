package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Turns what is told by the clock into alerts: heartbeats, and reports on what was found, neither
/// of which has a life; and the condition that the clock itself is wrong.
public final class Regulars {
  /// Seconds that one number of a heartbeat stands for: the shortest interval, so that numbers
  /// grow.
  public static final int BEAT_SECONDS = 10;

  /// Lines of each part of a report: what a person reads; the API has the rest.
  private static final int LINES = 50;

  private final String tenant;

  /// Those of one tenant.
  public Regulars(String tenant) {
    this.tenant = tenant;
  }

  /// That an instance is alive: its clock runs and its database takes what is written.
  public Alert heartbeat(String instance, Instant now) {
    return of(
        FindingId.condition(tenant, Kind.HEARTBEAT.label(), instance),
        (int) (now.getEpochSecond() / BEAT_SECONDS),
        Alert.Event.HEARTBEAT,
        Kind.HEARTBEAT,
        Kind.HEARTBEAT.title(),
        "This comes at a steady pace. If it stays away, Sigwarden is down or cannot tell you"
            + " anything.",
        now,
        now,
        new Fields().add("instance", instance).list());
  }

  /// What was found in a span of time, and what is open.
  ///
  /// @param name the operator's name of the report
  /// @param from its beginning
  /// @param parts lines by their heading, in order, in our words and the operator's names
  public Alert report(String name, Instant from, Instant now, List<Field> parts) {
    Fields fields = new Fields();
    parts.stream().limit(LINES).forEach(field -> fields.add(field.name(), field.value()));
    if (parts.size() > LINES) {
      fields.add("more", "…[+" + (parts.size() - LINES) + "]");
    }
    return of(
        FindingId.condition(tenant, Kind.REPORT.label(), name + "/" + now.toEpochMilli()),
        1,
        Alert.Event.DIGEST,
        Kind.REPORT,
        Kind.REPORT.title() + ": " + Sanitizer.clean(name),
        "What was found since the last one, and what nobody has closed.",
        from,
        now,
        fields.list());
  }

  /// The clocks of all hosts that are asked differ from ours.
  ///
  /// @param ahead how far they are ahead at least; below zero if behind
  public Alert clockSkew(Duration ahead, Instant now) {
    Alert alert =
        of(
            clockSkewId(),
            1,
            Alert.Event.OPENED,
            Kind.CLOCK_SKEW,
            Kind.CLOCK_SKEW.title(),
            "Graces, hours and ages of heads are measured by it: what is late may seem to be in time,"
                + " and the other way round.",
            now,
            now,
            new Fields()
                .add(
                    "clock",
                    "%d s %s the clocks of all hosts asked"
                        .formatted(
                            ahead.abs().toSeconds(), ahead.isNegative() ? "ahead of" : "behind"))
                .list());
    return alert.withSteps(
        List.of(
            "Look at this machine's time synchronisation.",
            "If the clock is right, something between it and the logs answers in their place: compare"
                + " from another network."));
  }

  /// The id of that condition.
  public String clockSkewId() {
    return FindingId.condition(tenant, Kind.CLOCK_SKEW.label(), "clock");
  }

  private static Alert of(
      String uid,
      int revision,
      Alert.Event event,
      Kind kind,
      String title,
      String why,
      Instant since,
      Instant now,
      List<Field> what) {
    return new Alert(
        uid,
        revision,
        event,
        kind,
        kind.severity(),
        title,
        why,
        "",
        "",
        "",
        "",
        Alerts.millis(since),
        Alerts.millis(now),
        List.of(),
        what,
        new Fields()
            .add("from", Alerts.millis(since).toString())
            .add("to", Alerts.millis(now).toString())
            .list(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
