package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Hush;
import dev.sigwarden.alert.Label;
import dev.sigwarden.alert.Labels;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.watch.Severity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is still to be told, a row with its time for each: first tellings that wait for their group
/// or for what holds them back, escalations, and reminders. A telling that nothing delays becomes a
/// delivery at once, in the transaction that writes the finding. One transaction's.
final class Duties {
  /// A stage of telling.
  enum Stage {
    FIRST("first"),
    ESCALATION("escalation"),
    REMINDER("reminder");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /// What a group's key starts with whose members were too many; all of them have the same labels.
  static final String FLOOD = "flood ";

  /// One row.
  ///
  /// @param group empty for none
  /// @param pause the group's interval, the delay of the escalation, or between reminders
  /// @param repeats between the reminders that follow; zero for none
  record Duty(
      String uid,
      String receiver,
      Stage stage,
      String group,
      Duration pause,
      Duration repeats,
      Telling.Hours hours) {}

  private final Connection c;
  private final Instant now;
  private final Holds holds;

  Duties(Connection c, Instant now) {
    this.c = c;
    this.now = now;
    this.holds = new Holds(c, now);
  }

  /// Tells a receiver of what was just opened, or writes down when to.
  ///
  /// @param fits whether it is within what the receiver is told one by one
  void begin(Alert alert, Telling telling, Hush hush, boolean fits) throws SQLException {
    String group = group(alert, telling.group(), hush, fits);
    Duty duty =
        new Duty(
            alert.uid(),
            telling.receiver(),
            Stage.FIRST,
            group,
            telling.interval(),
            telling.repeat(),
            telling.hours());
    Optional<Holds.Hold> hold = holds.of(alert, hush, telling.hours());
    if (hold.isPresent()) {
      holds.note(alert, telling.receiver(), hold.get());
      write(duty, hold.get().until());
    } else if (group.isEmpty()) {
      Deliveries.route(c, alert, List.of(telling.receiver()), alert.revision(), now);
      remind(duty, duty.uid(), "");
    } else {
      write(duty, groupDue(duty, fits ? telling.patience() : telling.interval()));
    }
  }

  /// Tells a receiver of what waited for its digest.
  void tellAfterAll(Alert alert, Telling telling, Hush hush) throws SQLException {
    Sql.update(
        c,
        "DELETE FROM duty WHERE uid = ? AND receiver = ? AND stage = 'first'",
        alert.uid(),
        telling.receiver());
    begin(alert, telling, hush, true);
  }

  /// What an alert is told together with; empty for by itself.
  private static String group(Alert alert, String group, Hush hush, boolean fits) {
    Labels labels = hush.labels(alert);
    if (labels.integrity() || (fits && alert.severity() == Severity.CRITICAL)) {
      return "";
    }
    return fits ? group : flood(labels);
  }

  /// Members of a flood have all labels alike, so that one of them stands for all.
  private static String flood(Labels labels) {
    StringBuilder key = new StringBuilder(FLOOD);
    for (Label label : Label.values()) {
      key.append(labels.value(label)).append('\n');
    }
    return key.toString();
  }

  /// Writes down who else is told if nobody takes it. What is told together waits with those of its
  /// group that wait already: others are told of the group, not of each.
  ///
  /// @param fits whether it is within what every receiver is told one by one
  void escalate(Alert alert, Plan plan, boolean fits) throws SQLException {
    for (Plan.Escalation escalation : plan.escalations()) {
      Duty duty =
          new Duty(
              alert.uid(),
              escalation.receiver(),
              Stage.ESCALATION,
              group(alert, escalation.group(), plan.hush(), fits),
              escalation.after(),
              escalation.repeat(),
              escalation.hours());
      Optional<Instant> others = duty.group().isEmpty() ? Optional.empty() : waiting(duty);
      write(duty, others.orElse(now.plus(escalation.after())));
    }
  }

  /// When a group is told next: with those that wait already, or after the pause since it was told
  /// last, or after `wait`.
  private Instant groupDue(Duty duty, Duration wait) throws SQLException {
    Optional<Instant> waiting = waiting(duty);
    if (waiting.isPresent()) {
      return waiting.get();
    }
    Optional<Instant> next =
        Sql.first(
            c,
            row -> Instant.ofEpochMilli(row.getLong(1)),
            "SELECT next_at FROM duty_pause WHERE receiver = ? AND grp = ?",
            duty.receiver(),
            duty.group());
    Instant soonest = now.plus(wait);
    return next.filter(at -> at.isAfter(soonest)).orElse(soonest);
  }

  /// When those of its group are told that wait already.
  private Optional<Instant> waiting(Duty duty) throws SQLException {
    return Sql.first(
        c,
        row -> Instant.ofEpochMilli(row.getLong(1)),
        "SELECT due_at FROM duty WHERE receiver = ? AND grp = ? AND stage = ? AND due_at > ?"
            + " ORDER BY due_at LIMIT 1",
        duty.receiver(),
        duty.group(),
        duty.stage().label(),
        now);
  }

  /// The group is not told again for a while.
  void pause(Duty told) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO duty_pause (receiver, grp, next_at) VALUES (?, ?, ?)"
            + " ON CONFLICT (receiver, grp) DO UPDATE SET next_at = excluded.next_at",
        told.receiver(),
        told.group(),
        now.plus(told.pause()));
  }

  /// Writes when the first reminder of what was told is due; nothing if there are to be none.
  ///
  /// @param uid the finding, condition or digest that it was told as
  /// @param group empty for what may be reminded of together with others
  void remind(Duty told, String uid, String group) throws SQLException {
    if (told.repeats().isPositive()) {
      Duty reminder =
          new Duty(
              uid,
              told.receiver(),
              Stage.REMINDER,
              group,
              told.repeats(),
              told.repeats(),
              told.hours());
      write(reminder, now.plus(told.repeats()));
    }
  }

  void write(Duty duty, Instant due) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO duty (uid, receiver, stage, grp, due_at, pause, repeats, hours)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid, receiver, stage) DO UPDATE SET"
            + " grp = excluded.grp, due_at = excluded.due_at, pause = excluded.pause,"
            + " repeats = excluded.repeats, hours = excluded.hours",
        duty.uid(),
        duty.receiver(),
        duty.stage().label(),
        duty.group(),
        due,
        duty.pause().toMillis(),
        duty.repeats().toMillis(),
        duty.hours().write());
  }

  /// The duty of a row.
  static Duty duty(ResultSet row) throws SQLException {
    String stage = row.getString("stage");
    return new Duty(
        row.getString("uid"),
        row.getString("receiver"),
        Arrays.stream(Stage.values())
            .filter(it -> it.label().equals(stage))
            .findFirst()
            .orElseThrow(() -> new SQLException("an unknown stage of telling")),
        row.getString("grp"),
        Duration.ofMillis(row.getLong("pause")),
        Duration.ofMillis(row.getLong("repeats")),
        Telling.Hours.read(row.getString("hours")));
  }

  void delete(Duty duty) throws SQLException {
    Sql.update(
        c,
        "DELETE FROM duty WHERE uid = ? AND receiver = ? AND stage = ?",
        duty.uid(),
        duty.receiver(),
        duty.stage().label());
  }

  /// A person has taken a finding: nobody is reminded. First tellings that still wait go on unless
  /// it is closed.
  static void rest(Connection c, String uid, FindingState state) throws SQLException {
    Sql.update(
        c,
        "UPDATE duty SET due_at = NULL WHERE uid = ?"
            + (state == FindingState.CLOSED ? "" : " AND stage <> 'first'"),
        uid);
  }

  /// A person has opened a finding again: every pause begins anew.
  static void resume(Connection c, String uid, Instant now) throws SQLException {
    Sql.update(
        c,
        "UPDATE duty SET due_at = ? + CASE WHEN stage = 'first' THEN 0 ELSE pause END"
            + " WHERE uid = ? AND due_at IS NULL",
        now,
        uid);
  }

  /// A condition is over: nothing more is told of it. Returns who was not told that it began.
  static List<String> end(Connection c, String uid) throws SQLException {
    List<String> waiting =
        Sql.all(
            c,
            row -> row.getString(1),
            "SELECT receiver FROM duty WHERE uid = ? AND stage = 'first'",
            uid);
    Sql.update(c, "DELETE FROM duty WHERE uid = ?", uid);
    // It may begin again and be held back again, which is noted again.
    Sql.update(c, "DELETE FROM outbox WHERE uid = ? AND state = 'SUPPRESSED'", uid);
    return waiting;
  }

  /// A silence was ended before its time: what waits for its end is due. Of a flood one member is
  /// noted as held back for all; one that waits for another end of the same time is put off again.
  static void freed(Connection c, String silence, Instant end, Instant now) throws SQLException {
    Sql.update(
        c,
        "UPDATE duty SET due_at = ? WHERE due_at = ? AND (grp LIKE '"
            + FLOOD
            + "%' OR EXISTS (SELECT 1 FROM outbox AS held"
            + " WHERE held.uid = duty.uid AND held.receiver = duty.receiver"
            + " AND held.state = 'SUPPRESSED' AND held.held_by = ?))",
        now,
        end,
        Holds.silence(silence));
  }
}
