package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Digest;
import dev.sigwarden.alert.Family;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Hush;
import dev.sigwarden.store.Duties.Duty;
import dev.sigwarden.store.Duties.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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

  /// Reminders, or escalations, that a receiver gets one by one at a time; more are one message.
  static final int SINGLY = 5;

  private static final String DUE =
      " FROM duty WHERE due_at IS NOT NULL AND due_at <= ? AND grp NOT LIKE '"
          + Duties.FLOOD
          + "%'";

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

  /// To be called first of all by what tells, and by what moves what is told: of several processes
  /// on one database only one does so at a time.
  static void alone(Connection c, Instant now) throws SQLException {
    Timetable.done(c, "telling", now);
  }

  /// What a receiver was told of and what is still there, or ended after `endedSince`: at most
  /// `limit`, in the order of their uids, from behind `after` on.
  public List<Standing> standing(String receiver, String after, int limit, Instant endedSince) {
    return database.read(
        "what a receiver was told of", c -> Standing.page(c, receiver, after, limit, endedSince));
  }

  /// What a duty is on.
  ///
  /// @param alert its first telling; of a digest what nobody has taken
  /// @param parts what must be held back for it to be: itself, or what a digest names
  /// @param told whether its first telling is still worth making
  /// @param open whether nobody has taken it
  private record Subject(Alert alert, List<Alert> parts, boolean told, boolean open) {
    Subject(Alert alert, boolean told, boolean open) {
      this(alert, List.of(alert), told, open);
    }
  }

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
    private final Digests digests;

    Run(Connection c, Hush hush, Instant now) {
      this.c = c;
      this.hush = hush;
      this.now = now;
      this.duties = new Duties(c, now);
      this.holds = new Holds(c, now);
      this.digests = new Digests(c, now);
    }

    void run() throws SQLException {
      alone(c, now);
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
      new Floods(c, hush, holds, now).tell(AT_ONCE);
    }

    private List<Duty> due() throws SQLException {
      return Sql.all(
          c,
          Duties::duty,
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
      Optional<Holds.Hold> hold = Optional.empty();
      for (Alert part : subject.get().parts()) {
        hold = holds.of(part, hush, duty.hours());
        if (hold.isEmpty()) {
          return Optional.of(alert);
        }
      }
      holds.note(alert, duty.receiver(), hold.orElseThrow());
      duties.write(duty, hold.orElseThrow().until());
      return Optional.empty();
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
      if (finding.isPresent()) {
        return finding;
      }
      Optional<Subject> condition =
          Sql.first(
              c,
              row -> new Subject(Findings.alert(row.getString(1)), true, true),
              "SELECT alert FROM condition_state WHERE uid = ? AND is_open = 1",
              uid);
      return condition.isPresent()
          ? condition
          : digests.untaken(uid).map(it -> new Subject(it.alert(), it.named(), true, true));
    }

    private void tell(Together together, List<Ready> members) throws SQLException {
      boolean grouped =
          together.group().isEmpty()
              ? together.stage() != Stage.FIRST && members.size() > SINGLY
              : members.size() > 1;
      if (grouped) {
        tellTogether(together, members);
      } else {
        for (Ready member : members) {
          Deliveries.route(
              c, telling(member), List.of(together.receiver()), openedRevision(member), now);
          next(member.duty());
        }
      }
      if (together.stage() == Stage.FIRST && !together.group().isEmpty()) {
        duties.pause(members.getFirst().duty());
      }
    }

    /// A digest is told anew with another number; the first one opened it.
    private static int openedRevision(Ready member) {
      return member.alert().event() == Alert.Event.DIGEST ? 1 : member.alert().revision();
    }

    private Alert telling(Ready member) throws SQLException {
      Alert alert = member.alert();
      return switch (member.duty().stage()) {
        case FIRST -> alert;
        case ESCALATION -> again(alert, Alert.Event.ESCALATED);
        case REMINDER -> {
          digests.renew(alert);
          yield again(alert, Alert.Event.REMINDER);
        }
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
      String digest =
          digests.tell(
              members.getFirst().duty(),
              together.family().label()
                  + "\n"
                  + (together.group().isEmpty() ? together.stage().label() : together.group()),
              new Digest.Members(
                  members.stream().map(Ready::alert).toList(), members.size(), why, List.of()));
      for (Ready member : members) {
        digests.add(digest, member.alert().uid());
        switch (together.stage()) {
          case FIRST -> {
            duties.delete(member.duty());
            Deliveries.held(c, member.alert(), together.receiver(), Digests.named(digest), now);
          }
          case ESCALATION -> duties.delete(member.duty());
          case REMINDER -> next(member.duty());
        }
      }
    }

    /// What comes after a telling by itself.
    private void next(Duty told) throws SQLException {
      if (told.stage() == Stage.REMINDER) {
        duties.write(told, now.plus(told.pause()));
      } else {
        duties.delete(told);
        duties.remind(told, told.uid(), "");
      }
    }
  }
}
