package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// The audit log: written in the transaction of the change that it tells of, never altered.
final class Audit {
  private Audit() {}

  static void add(Connection c, Deed deed, Instant now) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO audit (id, at, who, role, source, action, subject, reason, detail)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        next(c, "audit"),
        now,
        deed.who(),
        deed.role(),
        deed.source(),
        deed.action(),
        deed.subject(),
        deed.reason(),
        deed.detail());
  }

  /// The counter's next number; others that want one wait for the end of this transaction.
  static long next(Connection c, String counter) throws SQLException {
    Sql.update(c, "UPDATE counter SET value = value + 1 WHERE name = ?", counter);
    return Sql.first(c, row -> row.getLong(1), "SELECT value FROM counter WHERE name = ?", counter)
        .orElseThrow(() -> new SQLException("counter " + counter + " is missing"));
  }

  /// The newest first.
  ///
  /// @param subject only of this; empty for all
  /// @param below only ids below this one
  static List<AuditEntry> page(Connection c, String subject, long below, int limit)
      throws SQLException {
    return Sql.all(
        c,
        row ->
            new AuditEntry(
                row.getLong("id"),
                Sql.time(row, "at"),
                new Deed(
                    row.getString("who"),
                    row.getString("role"),
                    row.getString("source"),
                    row.getString("action"),
                    row.getString("subject"),
                    row.getString("reason"),
                    row.getString("detail"))),
        "SELECT id, at, who, role, source, action, subject, reason, detail FROM audit"
            + " WHERE id < ? AND (? = '' OR subject = ?) ORDER BY id DESC LIMIT ?",
        below,
        subject,
        subject,
        limit);
  }
}
