package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.FindingState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is told by the clock: heartbeats, reports and drills. When each was told last is kept, so
/// that a restart neither repeats nor leaves out one. Thread-safe.
public final class Timetable {
  /// Lines of one part of a report.
  private static final int LINES = 20;

  private final Database database;
  private final Clock clock;

  Timetable(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Drills.
  public Drills drills() {
    return new Drills(database, clock);
  }

  /// Tells that we are alive. Of a receiver that has not taken the beat before there is no second;
  /// beats that were made are forgotten.
  public void beat(Alert heartbeat, List<String> receivers) {
    database.plainChange("heartbeat", c -> beat(c, heartbeat, receivers, clock.instant()));
  }

  private static void beat(Connection c, Alert heartbeat, List<String> receivers, Instant now)
      throws SQLException {
    record Row(String id, String receiver, String state) {}
    List<Row> before =
        Sql.all(
            c,
            row -> new Row(row.getString(1), row.getString(2), row.getString(3)),
            "SELECT id, receiver, state FROM outbox WHERE uid = ?",
            heartbeat.uid());
    List<String> waiting = new ArrayList<>();
    for (Row row : before) {
      switch (row.state()) {
        case "SENT" -> Deliveries.forget(c, row.id(), row.receiver());
        case "DEAD" -> Sql.update(c, "DELETE FROM outbox WHERE id = ?", row.id());
        default -> waiting.add(row.receiver());
      }
    }
    done(c, "heartbeat", now);
    List<String> told = receivers.stream().filter(it -> !waiting.contains(it)).toList();
    Deliveries.route(c, heartbeat, told, heartbeat.revision(), now);
  }

  /// When a report was made last; the first question is answered with now, and remembered.
  public Instant lastReport(String name) {
    return last(task(name));
  }

  /// When a task was done last; the first question is answered with now, and remembered.
  Instant last(String task) {
    Optional<Instant> known = database.read(task, c -> last(c, task));
    return known.orElseGet(() ->
        database.update(
            task,
            c -> {
              Instant now = clock.instant();
              done(c, task, now);
              return now;
            }));
  }

  /// Tells a report, unless another was made since `last`.
  public void report(String name, Instant last, Alert report, List<String> receivers) {
    database.plainChange(
        "report " + name,
        c -> {
          int taken =
              Sql.update(
                  c,
                  "UPDATE last_done SET at = ? WHERE task = ? AND at = ?",
                  report.at(),
                  task(name),
                  last);
          if (taken > 0) {
            Deliveries.route(c, report, receivers, 1, clock.instant());
          }
        });
  }

  private static String task(String name) {
    return "report " + name;
  }

  private static Optional<Instant> last(Connection c, String task) throws SQLException {
    return Sql.first(
        c, row -> Sql.time(row, "at"), "SELECT at FROM last_done WHERE task = ?", task);
  }

  /// Writes something down, to see whether the database takes it.
  public void probe() {
    database.plainChange("probe", c -> done(c, "probe", clock.instant()));
  }

  /// Writes when a task was done; whoever else does so waits for the end of this transaction.
  static void done(Connection c, String task, Instant at) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO last_done (task, at) VALUES (?, ?)"
            + " ON CONFLICT (task) DO UPDATE SET at = excluded.at",
        task,
        at);
  }

  /// What a report says: what was found in `[from, to)`, what is open whenever it was found, the
  /// conditions that hold, and what silences hold back.
  public List<Field> summary(Instant from, Instant to) {
    return database.read("report", c -> summary(c, from, to));
  }

  private static List<Field> summary(Connection c, Instant from, Instant to) throws SQLException {
    List<Field> parts = new ArrayList<>();
    count(
        c,
        parts,
        "found",
        "WHERE opened_at >= ? AND opened_at < ?",
        from.toEpochMilli(),
        to.toEpochMilli());
    if (parts.isEmpty()) {
      parts.add(new Field("found", "nothing", false));
    }
    count(c, parts, "not-closed", "WHERE state <> ?", FindingState.CLOSED.label());
    for (Alert condition : Conditions.open(c).stream().limit(LINES).toList()) {
      parts.add(
          new Field(
              "condition",
              "%s %s since %s"
                  .formatted(condition.kind().label(), condition.log(), condition.firstSeen()),
              false));
    }
    for (HeldSilence held : Silences.active(c, to).stream().limit(LINES).toList()) {
      parts.add(
          new Field(
              "silence",
              "%d held back by %s until %s: %s (%s)"
                  .formatted(
                      held.held(),
                      held.id(),
                      held.silence().endsAt(),
                      held.silence().comment(),
                      held.silence().author()),
              false));
    }
    return parts;
  }

  private static void count(
      Connection c, List<Field> parts, String name, String which, Object... values)
      throws SQLException {
    parts.addAll(
        Sql.all(
            c,
            row ->
                new Field(
                    name,
                    "%d %s %s %s, %s"
                        .formatted(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5)),
                    false),
            "SELECT count(*), family, severity, kind, state FROM finding "
                + which
                + " GROUP BY family, severity, kind, state ORDER BY family, severity, kind, state"
                + " LIMIT "
                + LINES,
            values));
  }
}
