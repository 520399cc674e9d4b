package dev.sigwarden.store;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.text.Sanitizer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The drills: what runs, what came of those before, and when those of the schedule were made last.
/// At most one runs at a time. When one ends, whatever became of it, nothing of it stays open: its
/// finding is closed, who was told of it hears so, and its practice log is forgotten. Thread-safe.
public final class Drills {
  /// Drills that are kept: half a year of three a day.
  static final int KEPT = 500;

  private static final String COLUMNS =
      "id, name, watch, asked_by, started_at, until_at, state, ended_at";

  private final Database database;
  private final Clock clock;

  Drills(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// What a receiver made of a drill so far.
  ///
  /// @param receiver the receiver
  /// @param committed when the delivery was written down
  /// @param sent when the receiver took it; empty if it has not
  /// @param givenUp whether it is not tried any more
  /// @param problem what the last attempt met; empty if none failed
  public record Taken(
      String receiver,
      Instant committed,
      Optional<Instant> sent,
      boolean givenUp,
      String problem) {}

  /// Begins a drill; false if another runs.
  ///
  /// @param deed who asked for it; empty for one of the schedule
  public boolean begin(Drill drill, Optional<Deed> deed) {
    return database.update(
        "drill",
        c -> {
          boolean begun =
              Sql.update(
                      c,
                      "INSERT INTO drill (id, name, watch, asked_by, started_at, until_at, state)"
                          + " VALUES (?, ?, ?, ?, ?, ?, 'running') ON CONFLICT DO NOTHING",
                      drill.id(),
                      drill.name(),
                      drill.watch(),
                      drill.askedBy(),
                      drill.startedAt(),
                      drill.until())
                  > 0;
          if (begun && deed.isPresent()) {
            Audit.add(c, deed.get().about(drill.id()), clock.instant());
          }
          return begun;
        });
  }

  /// The alert that was filed for a drill; empty before.
  public Optional<Alert> told(Drill drill) {
    return database.read("drill", c -> findings(c, drill.log()).stream().findFirst());
  }

  /// What the receivers made of an alert of a drill so far.
  public List<Taken> taken(Alert told) {
    return database.read(
        "drill",
        c ->
            Sql.all(
                c,
                row -> {
                  String error = row.getString("last_error");
                  return new Taken(
                      row.getString("receiver"),
                      Sql.time(row, "created_at"),
                      Sql.optionalTime(row, "sent_at"),
                      row.getString("state").equals("DEAD"),
                      error == null ? "" : error);
                },
                "SELECT receiver, created_at, sent_at, state, last_error FROM outbox"
                    + " WHERE uid = ? AND revision = ? ORDER BY receiver",
                told.uid(),
                told.revision()));
  }

  /// Ends a drill that runs, as `over` says; does nothing if it runs no more.
  public void end(Drill over) {
    database.plainChange("end of a drill", c -> end(c, over, clock.instant()));
  }

  /// Says that a drill still runs and until when to believe that; nothing for one that ended.
  public void keep(Drill drill, Instant until) {
    database.plainChange(
        "drill",
        c ->
            Sql.update(
                c,
                "UPDATE drill SET until_at = ? WHERE id = ? AND state = 'running'",
                until,
                drill.id()));
  }

  /// Ends every drill whose time is over and that still runs: its process is gone.
  ///
  /// @param all whatever its time is: nobody else shares the database
  public void interrupt(boolean all) {
    Instant before = all ? Instant.MAX : clock.instant();
    String running = " FROM drill WHERE state = 'running' AND until_at < ?";
    // Asked every few seconds: mostly there is nothing to write.
    boolean any =
        database.read(
            "drills", c -> Sql.first(c, _ -> true, "SELECT 1" + running, before).isPresent());
    if (any) {
      database.plainChange(
          "end of drills",
          c -> {
            for (Drill left : Sql.all(c, Drills::drill, "SELECT " + COLUMNS + running, before)) {
              end(c, left.over(List.of(), true, clock.instant()), clock.instant());
            }
          });
    }
  }

  /// The drill of that id.
  public Optional<Drill> find(String id) {
    return database.read("drill", c -> withSteps(c, list(c, " WHERE id = ?", id))).stream()
        .findFirst();
  }

  /// Drills, the newest first, at most `limit`.
  public List<Drill> list(int limit) {
    return database.read(
        "drills", c -> withSteps(c, list(c, " ORDER BY started_at DESC, id LIMIT ?", limit)));
  }

  /// The last drill of each name that passed or failed, those that somebody asked for among them as
  /// one.
  public List<Drill> newest() {
    return database.read(
        "drills",
        c ->
            withSteps(
                c,
                list(
                    c,
                    " AS d WHERE state IN ('passed', 'failed') AND NOT EXISTS (SELECT 1 FROM drill"
                        + " AS later WHERE later.name = d.name AND later.state IN ('passed',"
                        + " 'failed') AND (later.started_at > d.started_at OR (later.started_at ="
                        + " d.started_at AND later.id > d.id))) ORDER BY name")));
  }

  /// How many drills of that name were interrupted since a time.
  public long interrupted(String name, Instant since) {
    return database.read(
        "drills",
        c ->
            Sql.all(
                    c,
                    row -> row.getLong(1),
                    "SELECT count(*) FROM drill WHERE name = ? AND state = 'interrupted'"
                        + " AND started_at >= ?",
                    name,
                    since)
                .getFirst());
  }

  /// When a drill of the schedule was made last; the first question is answered with now, and
  /// remembered.
  public Instant lastTime(String name) {
    return new Timetable(database, clock).last("drill " + name);
  }

  /// Writes that a drill of the schedule was made.
  public void made(String name, Instant at) {
    database.plainChange("drill", c -> Timetable.done(c, "drill " + name, at));
  }

  private static void end(Connection c, Drill over, Instant now) throws SQLException {
    int ended =
        Sql.update(
            c,
            "UPDATE drill SET state = ?, ended_at = ? WHERE id = ? AND state = 'running'",
            over.state().label(),
            now,
            over.id());
    if (ended == 0) {
      return;
    }
    int place = 0;
    for (Drill.Step step : over.steps()) {
      Sql.update(
          c,
          "INSERT INTO drill_step (drill, place, step, receiver, millis, good, note)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?)",
          over.id(),
          place++,
          step.step(),
          step.receiver(),
          step.after().map(Duration::toMillis).orElse(null),
          step.good() ? 1 : 0,
          Sanitizer.clean(step.note()));
    }
    for (Alert told : findings(c, over.log())) {
      close(c, told, now);
    }
    forgetLog(c, over.log());
    forgetOld(c);
  }

  /// Closes a drill's finding. Who was told hears of it, also who may have been: whose attempt is
  /// under way, or got lost. Who surely was not is told nothing any more.
  private static void close(Connection c, Alert told, Instant now) throws SQLException {
    Sql.update(
        c,
        "DELETE FROM outbox WHERE uid = ? AND revision = ?"
            + " AND (state = 'DEAD' OR (state = 'PENDING' AND attempts = 0))",
        told.uid(),
        told.revision());
    var _ =
        Lifecycle.act(
            c,
            told.uid(),
            new Act(
                now,
                "sigwarden",
                Act.Action.CLOSED,
                Optional.of(ClosingVerdict.TEST),
                "The drill is over."));
    Sql.update(
        c,
        "DELETE FROM outbox WHERE uid = ? AND revision = ? AND state IN ('PENDING', 'LEASED')",
        told.uid(),
        told.revision());
  }

  private static List<Alert> findings(Connection c, String log) throws SQLException {
    return Sql.all(
        c,
        row -> Findings.alert(row.getString(1)),
        "SELECT alert FROM finding WHERE log = ? AND kind = ? ORDER BY uid",
        log,
        Kind.DRILL.label());
  }

  private static void forgetLog(Connection c, String log) throws SQLException {
    for (String table : List.of("head_history", "suspect", "lasting", "log_view")) {
      Sql.update(c, "DELETE FROM " + table + " WHERE log = ?", log);
    }
    Sql.update(c, "DELETE FROM log WHERE name = ?", log);
  }

  /// Forgets the drills beyond `KEPT`, with all that was told of them.
  private static void forgetOld(Connection c) throws SQLException {
    List<Drill> old =
        list(
            c,
            " WHERE state <> 'running' AND id NOT IN (SELECT id FROM drill ORDER BY started_at DESC,"
                + " id LIMIT ?)",
            KEPT);
    for (Drill drill : old) {
      for (Alert told : findings(c, drill.log())) {
        for (String table : List.of("outbox", "duty", "finding_act", "evidence", "finding")) {
          Sql.update(c, "DELETE FROM " + table + " WHERE uid = ?", told.uid());
        }
      }
      Sql.update(c, "DELETE FROM drill_step WHERE drill = ?", drill.id());
      Sql.update(c, "DELETE FROM drill WHERE id = ?", drill.id());
    }
  }

  private static List<Drill> list(Connection c, String which, Object... values)
      throws SQLException {
    return Sql.all(c, Drills::drill, "SELECT " + COLUMNS + " FROM drill" + which, values);
  }

  private static List<Drill> withSteps(Connection c, List<Drill> drills) throws SQLException {
    List<Drill> whole = new ArrayList<>(drills.size());
    for (Drill drill : drills) {
      List<Drill.Step> steps =
          Sql.all(
              c,
              Drills::step,
              "SELECT step, receiver, millis, good, note FROM drill_step WHERE drill = ?"
                  + " ORDER BY place",
              drill.id());
      whole.add(
          new Drill(
              drill.id(),
              drill.name(),
              drill.watch(),
              drill.askedBy(),
              drill.startedAt(),
              drill.until(),
              drill.state(),
              drill.endedAt(),
              steps));
    }
    return whole;
  }

  private static Drill.Step step(ResultSet row) throws SQLException {
    long millis = row.getLong("millis");
    Optional<Duration> after =
        row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    return new Drill.Step(
        row.getString("step"),
        row.getString("receiver"),
        after,
        row.getInt("good") == 1,
        row.getString("note"));
  }

  private static Drill drill(ResultSet row) throws SQLException {
    String state = row.getString("state");
    return new Drill(
        row.getString("id"),
        row.getString("name"),
        row.getString("watch"),
        row.getString("asked_by"),
        Sql.time(row, "started_at"),
        Sql.time(row, "until_at"),
        Arrays.stream(Drill.State.values())
            .filter(it -> it.label().equals(state))
            .findFirst()
            .orElseThrow(() -> new SQLException("a drill in an unknown state")),
        Sql.optionalTime(row, "ended_at"),
        List.of());
  }
}
