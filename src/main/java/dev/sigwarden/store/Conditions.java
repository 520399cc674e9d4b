package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Telling;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Operational conditions: open or not, and how often they were told.
final class Conditions {
  private Conditions() {}

  private record State(int revision, int openedRevision, boolean open, Instant since) {}

  static void raise(Connection c, Condition condition, Instant now) throws SQLException {
    Optional<State> known = state(c, condition.alert().uid());
    if (known.isPresent() && known.get().open()) {
      return;
    }
    int revision = known.map(State::revision).orElse(0) + 1;
    Alert alert = condition.alert().numbered(revision, condition.alert().firstSeen());
    Sql.update(
        c,
        "INSERT INTO condition_state (uid, revision, opened_revision, is_open, since, alert)"
            + " VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (uid) DO UPDATE SET"
            + " revision = excluded.revision, opened_revision = excluded.opened_revision,"
            + " is_open = 1, since = excluded.since, alert = excluded.alert",
        alert.uid(),
        revision,
        revision,
        alert.firstSeen(),
        AlertJson.write(alert));
    Duties duties = new Duties(c, now);
    for (Telling telling : condition.plan().tellings()) {
      duties.begin(alert, telling, condition.plan().hush(), true);
    }
    duties.escalate(alert, condition.plan(), true);
  }

  static void resolve(Connection c, Condition condition, Instant now) throws SQLException {
    Optional<State> known = state(c, condition.alert().uid()).filter(State::open);
    if (known.isEmpty()) {
      return;
    }
    Tellings.alone(c, now);
    int revision = known.get().revision() + 1;
    Alert alert = condition.alert().numbered(revision, known.get().since());
    Sql.update(
        c,
        "UPDATE condition_state SET revision = ?, is_open = 0, alert = ? WHERE uid = ?",
        revision,
        AlertJson.write(alert),
        alert.uid());
    // Whoever was not told that it began need not know that it is over.
    List<String> waiting = Duties.end(c, alert.uid());
    List<String> receivers =
        Stream.concat(
                condition.plan().receivers().stream(),
                told(c, alert.uid(), known.get().openedRevision()).stream())
            .distinct()
            .filter(receiver -> !waiting.contains(receiver))
            .toList();
    Deliveries.route(c, alert, receivers, known.get().openedRevision(), now);
    new Digests(c, now).leave(alert.uid());
  }

  /// Who was told since it was opened, escalations included.
  private static List<String> told(Connection c, String uid, int openedRevision)
      throws SQLException {
    return Sql.all(
        c,
        row -> row.getString(1),
        "SELECT DISTINCT receiver FROM outbox WHERE uid = ? AND revision >= ?"
            + " AND state IN ('PENDING', 'LEASED', 'SENT') ORDER BY receiver",
        uid,
        openedRevision);
  }

  static List<Alert> open(Connection c) throws SQLException {
    return Sql.all(
        c,
        row -> Findings.alert(row.getString(1)),
        "SELECT alert FROM condition_state WHERE is_open = 1 ORDER BY since, uid");
  }

  private static Optional<State> state(Connection c, String uid) throws SQLException {
    return Sql.first(
        c,
        row -> new State(row.getInt(1), row.getInt(2), row.getInt(3) == 1, Sql.time(row, "since")),
        "SELECT revision, opened_revision, is_open, since FROM condition_state WHERE uid = ?",
        uid);
  }
}
