package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Digest;
import dev.sigwarden.alert.Family;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Hush;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.store.Duties.Duty;
import dev.sigwarden.store.Duties.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns what is due to be told into deliveries: groups, digests, escalations, reminders, and what
/// a silence or an hour held back. Every time is in the database, so a crash forgets none of it;
/// one transaction each, so that nothing is told twice. Thread-safe.
public final class Tellings {
  /// Rows looked at in one transaction, so that no other waits for long.
  static final int AT_ONCE = 500;

  /// Reminders that a receiver gets one by one at a time; more are one message.
  static final int REMINDERS = 5;

  private static final String DUE =
      " FROM duty WHERE due_at IS NOT NULL AND due_at <= ? AND grp NOT LIKE '"
          + Duties.FLOOD
          + "%'";

  private static final String FLOODED =
      " FROM duty WHERE due_at IS NOT NULL AND due_at <= ? AND grp LIKE '" + Duties.FLOOD + "%'";

  private final Database database;
  private final Clock clock;

  Tellings(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Tells what is due.
  ///
  /// @param hush what of the configuration may hold it back
  /// @return whether anything was due, so that more may be
  public boolean tell(Hush hush) {
    Instant now = clock.instant();
    // Asked each second: mostly there is nothing to write.
    boolean any =
        database.read(
            "what is due to be told",
            c ->
                Sql.first(
                        c,
                        _ -> true,
                        "SELECT 1 FROM duty WHERE due_at IS NOT NULL AND due_at <= ? LIMIT 1",
                        now)
                    .isPresent());
    return any
        && database.update(
            "telling",
            c -> {
              new Run(c, hush, now).run();
              return true;
            });
  }

  /// What a receiver was told of and what is still there, or ended after `endedSince`: at most
  /// `limit`, in the order of their uids, from behind `after` on.
  public List<Standing> standing(String receiver, String after, int limit, Instant endedSince) {
    return database.read(
        "what a receiver was told of", c -> Standing.page(c, receiver, after, limit, endedSince));
  }

  /// A finding or condition that a duty is on.
  ///
  /// @param alert its first telling
  /// @param told whether its first telling is still worth making
  /// @param open whether nobody has taken it
  private record Subject(Alert alert, boolean told, boolean open) {}

  /// What nothing holds back.
  private record Ready(Duty duty, Alert alert) {}

  /// What is told together.
  private record Together(String receiver, Stage stage, String group, Family family) {}

  /// One transaction.
  private static final class Run {
    private final Connection c;
    private final Hush hush;
    private final Instant now;
    private final Duties duties;
    private final Holds holds;

    Run(Connection c, Hush hush, Instant now) {
      this.c = c;
      this.hush = hush;
      this.now = now;
      this.duties = new Duties(c, now);
      this.holds = new Holds(c, now);
    }

    void run() throws SQLException {
      // First of all, so that of several processes on one database only one tells at a time.
      Timetable.done(c, "telling", now);
      Sql.update(c, "DELETE FROM duty_pause WHERE next_at <= ?", now);
      Map<Together, List<Ready>> groups = new LinkedHashMap<>();
      for (Duty duty : due()) {
        Optional<Alert> alert = ready(duty);
        if (alert.isPresent()) {
          Together together =
              new Together(
                  duty.receiver(), duty.stage(), duty.group(), alert.get().kind().family());
          groups
              .computeIfAbsent(together, _ -> new ArrayList<>())
              .add(new Ready(duty, alert.get()));
        }
      }
      for (Map.Entry<Together, List<Ready>> group : groups.entrySet()) {
        tell(group.getKey(), group.getValue());
      }
      for (Duty flood : floods()) {
        tellFlood(flood);
      }
    }

    private List<Duty> due() throws SQLException {
      return Sql.all(
          c,
          Tellings::duty,
          "SELECT uid, receiver, stage, grp, pause, repeats, hours"
              + DUE
              + " ORDER BY due_at, uid, receiver, stage LIMIT ?",
          now,
          AT_ONCE);
    }

    /// The alert if it is to be told now; else writes down when to look again.
    private Optional<Alert> ready(Duty duty) throws SQLException {
      Optional<Subject> subject = subject(duty.uid());
      if (subject.isEmpty() || !subject.get().told()) {
        duties.delete(duty);
        return Optional.empty();
      }
      if (duty.stage() != Stage.FIRST && !subject.get().open()) {
        Duties.rest(c, duty.uid(), FindingState.ACKNOWLEDGED);
        return Optional.empty();
      }
      Alert alert = subject.get().alert();
      Optional<Holds.Hold> hold = holds.of(alert, hush, duty.hours());
      if (hold.isPresent()) {
        holds.note(alert, duty.receiver(), hold.get());
        duties.write(duty, hold.get().until());
        return Optional.empty();
      }
      return Optional.of(alert);
    }

    private Optional<Subject> subject(String uid) throws SQLException {
      Optional<Subject> finding =
          Sql.first(
              c,
              row -> {
                String state = row.getString(2);
                return new Subject(
                    Findings.alert(row.getString(1)),
                    !state.equals(FindingState.CLOSED.label()),
                    state.equals(FindingState.OPEN.label()));
              },
              "SELECT alert, state FROM finding WHERE uid = ?",
              uid);
      return finding.isPresent()
          ? finding
          : Sql.first(
              c,
              row -> new Subject(Findings.alert(row.getString(1)), true, true),
              "SELECT alert FROM condition_state WHERE uid = ? AND is_open = 1",
              uid);
    }

    private void tell(Together together, List<Ready> members) throws SQLException {
      boolean grouped =
          together.group().isEmpty()
              ? together.stage() == Stage.REMINDER && members.size() > REMINDERS
              : members.size() > 1;
      if (grouped) {
        tellTogether(together, members);
      } else {
        for (Ready member : members) {
          Deliveries.route(
              c, telling(member), List.of(together.receiver()), openedRevision(member), now);
        }
      }
      for (Ready member : members) {
        next(member.duty());
      }
      if (together.stage() == Stage.FIRST && !together.group().isEmpty()) {
        pause(members.getFirst().duty());
      }
    }

    private static int openedRevision(Ready member) {
      return member.alert().revision();
    }

    private Alert telling(Ready member) throws SQLException {
      Alert alert = member.alert();
      return switch (member.duty().stage()) {
        case FIRST -> alert;
        case ESCALATION -> again(alert, Alert.Event.ESCALATED);
        case REMINDER -> again(alert, Alert.Event.REMINDER);
      };
    }

    private Alert again(Alert alert, Alert.Event event) throws SQLException {
      Duration open = Duration.between(alert.firstSeen(), now).truncatedTo(ChronoUnit.SECONDS);
      return alert.again(
          Findings.nextRevision(c, alert.uid()),
          event,
          now,
          List.of(new Field("open-for", open.toString(), false)));
    }

    private void tellTogether(Together together, List<Ready> members) throws SQLException {
      String why =
          switch (together.stage()) {
            case FIRST -> "They came within the time that the route gathers what it tells.";
            case ESCALATION, REMINDER -> "Nobody has taken any of these yet.";
          };
      Alert digest =
          Digest.of(
              FindingId.digest(
                  together.receiver(),
                  together.stage().label() + together.group(),
                  members.getFirst().alert().uid(),
                  now),
              new Digest.Members(
                  members.stream().map(Ready::alert).toList(), members.size(), why, List.of()),
              now);
      Deliveries.route(c, digest, List.of(together.receiver()), 1, now);
      if (together.stage() == Stage.FIRST) {
        for (Ready member : members) {
          Deliveries.held(c, member.alert(), together.receiver(), digestOf(digest), now);
        }
      }
    }

    /// What comes after a telling.
    private void next(Duty told) throws SQLException {
      if (told.stage() == Stage.REMINDER) {
        duties.write(told, now.plus(told.pause()));
      } else {
        duties.delete(told);
        duties.remind(told);
      }
    }

    private void pause(Duty told) throws SQLException {
      Sql.update(
          c,
          "INSERT INTO duty_pause (receiver, grp, next_at) VALUES (?, ?, ?)"
              + " ON CONFLICT (receiver, grp) DO UPDATE SET next_at = excluded.next_at",
          told.receiver(),
          told.group(),
          now.plus(told.pause()));
    }

    private List<Duty> floods() throws SQLException {
      return Sql.all(
          c,
          Tellings::duty,
          "SELECT min(uid) AS uid, receiver, stage, grp, min(pause) AS pause,"
              + " 0 AS repeats, min(hours) AS hours"
              + FLOODED
              + " GROUP BY receiver, stage, grp ORDER BY receiver, grp LIMIT ?",
          now,
          AT_ONCE);
    }

    /// One digest of however many there are: their number is the database's concern.
    private void tellFlood(Duty flood) throws SQLException {
      String members =
          " FROM duty AS d JOIN finding AS f ON f.uid = d.uid WHERE d.receiver = ? AND d.grp = ?"
              + " AND d.stage = 'first' AND d.due_at <= ? AND f.state <> 'closed'";
      List<Alert> named =
          Sql.all(
              c,
              row -> Findings.alert(row.getString(1)),
              "SELECT f.alert" + members + " ORDER BY f.opened_at, f.idx, f.uid LIMIT ?",
              flood.receiver(),
              flood.group(),
              now,
              Digest.NAMED);
      record Sum(long all, long first, long last) {}
      Sum sum =
          Sql.all(
                  c,
                  row -> new Sum(row.getLong(1), row.getLong(2), row.getLong(3)),
                  "SELECT count(*), min(f.idx), max(f.idx)" + members,
                  flood.receiver(),
                  flood.group(),
                  now)
              .getFirst();
      if (!named.isEmpty()) {
        Optional<Holds.Hold> hold = holds.of(named.getFirst(), hush, flood.hours());
        if (hold.isPresent()) {
          holds.note(named.getFirst(), flood.receiver(), hold.get());
          putOff(flood, hold.get().until());
          return;
        }
        Alert digest =
            Digest.of(
                FindingId.digest(flood.receiver(), flood.group(), named.getFirst().uid(), now),
                new Digest.Members(
                    named,
                    sum.all(),
                    "They are more than this receiver is told one by one in an hour.",
                    List.of(
                        new Field("first-index", Long.toString(sum.first()), false),
                        new Field("last-index", Long.toString(sum.last()), false))),
                now);
        Deliveries.route(c, digest, List.of(flood.receiver()), 1, now);
        Sql.update(
            c,
            "INSERT INTO outbox (id, uid, revision, receiver, severity, urgency, state, attempts,"
                + " due_at, changed_at, created_at, alert, opened_id, reason, held_by)"
                + " SELECT '"
                + Deliveries.HELD
                + "' || d.uid || ' ' || d.receiver || ' ' || ?, d.uid, 1, d.receiver, f.severity,"
                + " 9, 'SUPPRESSED', 0, ?, ?, ?, '', '', 'opened', ?"
                + members
                + " ON CONFLICT (id) DO NOTHING",
            digestOf(digest),
            now,
            now,
            now,
            digestOf(digest),
            flood.receiver(),
            flood.group(),
            now);
        pause(flood);
      }
      Sql.update(
          c,
          "DELETE FROM duty WHERE receiver = ? AND grp = ? AND stage = 'first' AND due_at <= ?",
          flood.receiver(),
          flood.group(),
          now);
    }

    private void putOff(Duty flood, Instant until) throws SQLException {
      Sql.update(
          c,
          "UPDATE duty SET due_at = ?"
              + " WHERE receiver = ? AND grp = ? AND stage = 'first' AND due_at <= ?",
          until,
          flood.receiver(),
          flood.group(),
          now);
    }

    private static String digestOf(Alert digest) {
      return "digest " + digest.uid();
    }
  }

  private static Duty duty(ResultSet row) throws SQLException {
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
}
