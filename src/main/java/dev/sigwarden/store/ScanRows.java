package dev.sigwarden.store;

import dev.sigwarden.merkle.TreeHead;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// ScanBook as the database has them.
final class ScanRows {
  private static final String COLUMNS =
      "SELECT id, log, identity, first_idx, end_idx, size, root, note, seen, watches, asker, reason,"
          + " created_at, state, ended_at, why FROM scan";

  private ScanRows() {}

  static void add(Connection c, String id, ScanBook.Draft draft, Deed deed, Instant now)
      throws SQLException {
    TreeHead head = draft.head().head();
    Sql.update(
        c,
        "INSERT INTO scan (id, log, identity, first_idx, end_idx, size, root, note, seen, watches,"
            + " asker, reason, created_at, state, why)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', '')",
        id,
        draft.log(),
        draft.identity(),
        draft.pieces().getFirst().from(),
        draft.pieces().getLast().to(),
        head.size(),
        head.root(),
        draft.head().note(),
        draft.head().seen(),
        String.join("\n", draft.watches()),
        deed.who(),
        deed.reason(),
        now);
  }

  /// Forgets the oldest of those that ended, if there are too many.
  static void forget(Connection c) throws SQLException {
    List<String> old =
        Sql.all(
            c,
            row -> row.getString(1),
            "SELECT id FROM scan WHERE state <> 'running' ORDER BY created_at DESC, id LIMIT 100"
                + " OFFSET ?",
            ScanBook.MOST_KEPT);
    for (String id : old) {
      Sql.update(c, "DELETE FROM scan_finding WHERE scan = ?", id);
      Sql.update(c, "DELETE FROM scan_piece WHERE scan = ?", id);
      Sql.update(c, "DELETE FROM scan WHERE id = ?", id);
    }
  }

  static List<Scan> newest(Connection c, int limit) throws SQLException {
    return Sql.all(c, ScanRows::scan, COLUMNS + " ORDER BY created_at DESC, id LIMIT ?", limit);
  }

  /// Ends a scan; false if it does not run.
  static boolean end(Connection c, String id, Scan.State state, String why, Instant now)
      throws SQLException {
    return Sql.update(
            c,
            "UPDATE scan SET state = ?, ended_at = ?, why = ? WHERE id = ? AND state = 'running'",
            state.label(),
            now,
            why,
            id)
        > 0;
  }

  static List<Scan> running(Connection c) throws SQLException {
    return Sql.all(
        c,
        ScanRows::scan,
        COLUMNS + " WHERE state = 'running' ORDER BY created_at, id LIMIT ?",
        ScanBook.MOST_RUNNING);
  }

  static Optional<Scan> find(Connection c, String id) throws SQLException {
    return Sql.first(c, ScanRows::scan, COLUMNS + " WHERE id = ?", id);
  }

  static ScanProgress progress(Connection c, String id, Instant now) throws SQLException {
    record Found(long all, long fresh) {}
    Found found =
        Sql.first(
                c,
                row -> new Found(row.getLong(1), row.getLong(2)),
                "SELECT count(*), COALESCE(sum(1 - known), 0) FROM scan_finding WHERE scan = ?",
                id)
            .orElseThrow();
    Map<String, Long> shares = new HashMap<>();
    Sql.all(
            c,
            row -> Map.entry(row.getString(1), row.getLong(2)),
            "SELECT owner, sum(at_idx - first_idx) FROM scan_piece"
                + " WHERE scan = ? AND owner <> '' GROUP BY owner",
            id)
        .forEach(share -> shares.put(share.getKey(), share.getValue()));
    return Sql.first(
            c,
            row ->
                new ScanProgress(
                    row.getLong("judged"),
                    row.getLong("pieces"),
                    row.getLong("done"),
                    row.getLong("failed"),
                    row.getLong("working"),
                    row.getLong("selected"),
                    found.all(),
                    found.fresh(),
                    row.getLong("untold"),
                    Sql.optionalTime(row, "began"),
                    shares),
            "SELECT count(*) AS pieces, COALESCE(sum(at_idx - first_idx), 0) AS judged,"
                + " COALESCE(sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END), 0) AS done,"
                + " COALESCE(sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) AS failed,"
                + " COALESCE(sum(CASE WHEN state = 'open' AND held_until > ? THEN 1 ELSE 0 END), 0)"
                + " AS working, COALESCE(sum(selected), 0) AS selected,"
                + " COALESCE(sum(untold), 0) AS untold, min(started_at) AS began"
                + " FROM scan_piece WHERE scan = ?",
            now,
            id)
        .orElseThrow();
  }

  private static Scan scan(ResultSet row) throws SQLException {
    return new Scan(
        row.getString("id"),
        row.getString("log"),
        row.getString("identity"),
        row.getLong("first_idx"),
        row.getLong("end_idx"),
        new SeenHead(
            new TreeHead(row.getLong("size"), Sql.hash(row, "root")),
            row.getString("note"),
            Sql.time(row, "seen")),
        row.getString("watches").lines().toList(),
        row.getString("asker"),
        row.getString("reason"),
        Sql.time(row, "created_at"),
        Scan.State.of(row.getString("state")),
        Sql.optionalTime(row, "ended_at"),
        row.getString("why"));
  }
}
