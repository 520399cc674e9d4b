package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
    Alert alert = telling(condition.alert(), revision, condition.alert().firstSeen());
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
    Deliveries.route(c, alert, condition.receivers(), revision, now);
  }

  static void resolve(Connection c, Condition condition, Instant now) throws SQLException {
    Optional<State> known = state(c, condition.alert().uid()).filter(State::open);
    if (known.isEmpty()) {
      return;
    }
    int revision = known.get().revision() + 1;
    Alert alert = telling(condition.alert(), revision, known.get().since());
    Sql.update(
        c,
        "UPDATE condition_state SET revision = ?, is_open = 0, alert = ? WHERE uid = ?",
        revision,
        AlertJson.write(alert),
        alert.uid());
    Deliveries.route(c, alert, condition.receivers(), known.get().openedRevision(), now);
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

  private static Alert telling(Alert alert, int revision, Instant firstSeen) {
    return new Alert(
        alert.uid(),
        revision,
        alert.event(),
        alert.kind(),
        alert.severity(),
        alert.title(),
        alert.why(),
        alert.log(),
        alert.watch(),
        alert.owner(),
        alert.runbook(),
        firstSeen,
        alert.at(),
        alert.who(),
        alert.what(),
        alert.when(),
        alert.where(),
        alert.scope(),
        alert.check(),
        alert.steps());
  }
}
