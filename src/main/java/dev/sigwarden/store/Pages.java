package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Lists for people: newest first, page by page, each page behind the last row of the one before.
final class Pages {
  private Pages() {}

  /// Deliveries, newest first.
  ///
  /// @param state in capitals; empty for all
  /// @param receiver empty for all
  static List<DeliveryRow> deliveries(
      Connection c, String state, String receiver, Instant at, String id, int limit)
      throws SQLException {
    return Sql.all(
        c,
        Pages::delivery,
        "SELECT id, uid, revision, receiver, severity, state, attempts, due_at, created_at,"
            + " sent_at, last_error FROM outbox"
            + " WHERE (created_at < ? OR (created_at = ? AND id < ?))"
            + " AND (? = '' OR state = ?) AND (? = '' OR receiver = ?)"
            + " ORDER BY created_at DESC, id DESC LIMIT ?",
        at,
        at,
        id,
        state,
        state,
        receiver,
        receiver,
        limit);
  }

  private static DeliveryRow delivery(ResultSet row) throws SQLException {
    @Nullable String error = row.getString("last_error");
    return new DeliveryRow(
        row.getString("id"),
        row.getString("uid"),
        row.getInt("revision"),
        row.getString("receiver"),
        row.getString("severity"),
        row.getString("state").toLowerCase(Locale.ROOT),
        row.getInt("attempts"),
        Sql.time(row, "due_at"),
        Sql.time(row, "created_at"),
        Sql.optionalTime(row, "sent_at"),
        error == null ? "" : error);
  }

  /// Makes a delivery that was given up, or waits for its next attempt, due now; false if it is
  /// neither.
  static boolean retry(Connection c, String id, Instant now) throws SQLException {
    return Sql.update(
            c,
            "UPDATE outbox SET state = 'PENDING', attempts = 0, due_at = ?, changed_at = ?"
                + " WHERE id = ? AND state IN ('DEAD', 'PENDING')",
            now,
            now,
            id)
        > 0;
  }

  /// Notes that an entry names artifacts.
  static void addArtifacts(Connection c, Observation observation) throws SQLException {
    for (String digest : observation.artifacts()) {
      Sql.update(
          c,
          "INSERT INTO artifact (digest, log, branch, idx) VALUES (?, ?, ?, ?)"
              + " ON CONFLICT (digest, log, branch, idx) DO NOTHING",
          digest,
          observation.log(),
          observation.branch(),
          observation.index());
    }
  }

  /// The observations of entries that name an artifact.
  static List<Sighting> sightings(Connection c, String digest, int limit) throws SQLException {
    return Sql.all(
        c,
        row ->
            new Sighting(
                row.getString("log"),
                row.getInt("branch"),
                row.getLong("idx"),
                Sql.hash(row, "leaf").toHex(),
                row.getString("watch"),
                row.getString("verdict"),
                row.getString("because"),
                Sql.time(row, "first_seen")),
        "SELECT o.log, o.branch, o.idx, o.leaf, o.watch, o.verdict, o.because, o.first_seen"
            + " FROM artifact AS a JOIN observation AS o"
            + " ON o.log = a.log AND o.branch = a.branch AND o.idx = a.idx"
            + " WHERE a.digest = ? ORDER BY o.log, o.branch, o.idx, o.watch LIMIT ?",
        digest,
        limit);
  }
}
