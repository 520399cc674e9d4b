package dev.sigwarden.store;

import dev.sigwarden.merkle.TreeHead;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is known of a log and not told yet: signed heads without proof, and states that are told
/// once they last. Kept so that a restart forgets no suspicion and begins no patience anew.
final class LogStates {
  private LogStates() {}

  /// The oldest first.
  static List<SeenHead> suspects(Connection c, String log) throws SQLException {
    return Sql.all(
        c,
        row ->
            new SeenHead(
                new TreeHead(row.getLong("size"), Sql.hash(row, "root")),
                row.getString("note"),
                Sql.time(row, "seen")),
        "SELECT size, root, note, seen FROM suspect WHERE log = ? ORDER BY seen, size, root",
        log);
  }

  /// Keeps the first note seen for a head.
  static void suspect(Connection c, String log, SeenHead head) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO suspect (log, size, root, note, seen) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (log, size, root) DO NOTHING",
        log,
        head.head().size(),
        head.head().root(),
        head.note(),
        head.seen());
  }

  static void unsuspect(Connection c, String log, TreeHead head) throws SQLException {
    Sql.update(
        c,
        "DELETE FROM suspect WHERE log = ? AND size = ? AND root = ?",
        log,
        head.size(),
        head.root());
  }

  static Map<String, Lasting> lasting(Connection c, String log) throws SQLException {
    Map<String, Lasting> states = new LinkedHashMap<>();
    Sql.all(
            c,
            row ->
                Map.entry(
                    row.getString("state"),
                    new Lasting(Sql.time(row, "since"), row.getLong("amount"))),
            "SELECT state, since, amount FROM lasting WHERE log = ? ORDER BY state",
            log)
        .forEach(state -> states.put(state.getKey(), state.getValue()));
    return states;
  }

  static void begin(Connection c, String log, String state, Lasting lasting) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO lasting (log, state, since, amount) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (log, state) DO UPDATE SET"
            + " since = excluded.since, amount = excluded.amount",
        log,
        state,
        lasting.since(),
        lasting.amount());
  }

  static void end(Connection c, String log, String state) throws SQLException {
    Sql.update(c, "DELETE FROM lasting WHERE log = ? AND state = ?", log, state);
  }
}
