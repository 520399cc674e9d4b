package dev.sigwarden.store;

import dev.sigwarden.merkle.TreeHead;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Logs, the histories they have shown, and the heads of those.
final class Views {
  /// Heads kept per view. Enough to find where a log parted from what it said before; the older
  /// half is thinned out when there are more, so that heads grow sparser with age and the first one
  /// stays.
  static final int MAX_HISTORY = 1_024;

  /// Characters of notes kept per view: a log that serves the largest notes it may must not fill
  /// the disk.
  static final long MAX_HISTORY_CHARS = 16L << 20;

  private static final String COLUMNS =
      "branch, head_size, head_root, head_note, head_seen, pos_size, pos_root, pos_range";

  private Views() {}

  static Optional<String> identity(Connection c, String log) throws SQLException {
    return Sql.first(c, row -> row.getString(1), "SELECT identity FROM log WHERE name = ?", log);
  }

  static List<View> of(Connection c, String log) throws SQLException {
    return Sql.all(
        c, Views::view, "SELECT " + COLUMNS + " FROM log_view WHERE log = ? ORDER BY branch", log);
  }

  static void begin(Connection c, String log, String identity, View first, Instant now)
      throws SQLException, StaleStateException {
    Optional<String> known = identity(c, log);
    if (known.isPresent() && !known.get().equals(identity)) {
      throw new StoreException(
          "the name %s was another log before: %s, now %s (expected: the same log; choose a new name, or give back the old key)"
              .formatted(log, known.get(), identity));
    }
    if (known.isPresent()) {
      throw new StaleStateException("log " + log + " was begun meanwhile");
    }
    Sql.update(
        c, "INSERT INTO log (name, identity, begun_at) VALUES (?, ?, ?)", log, identity, now);
    insert(c, log, first);
  }

  static void branch(Connection c, String log, View view) throws SQLException, StaleStateException {
    if (identity(c, log).isEmpty()) {
      throw new StaleStateException("log " + log + " was not begun");
    }
    insert(c, log, view);
  }

  private static void insert(Connection c, String log, View view)
      throws SQLException, StaleStateException {
    int written =
        Sql.update(
            c,
            "INSERT INTO log_view (log, "
                + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (log, branch) DO NOTHING",
            log,
            view.branch(),
            view.head().head().size(),
            view.head().head().root(),
            view.head().note(),
            view.head().seen(),
            view.position().head().size(),
            view.position().head().root(),
            Sql.joined(view.position().range()));
    if (written == 0) {
      throw new StaleStateException("log %s has a branch %d".formatted(log, view.branch()));
    }
    remember(c, log, view.branch(), view.head());
  }

  static void head(Connection c, String log, int branch, TreeHead known, SeenHead next)
      throws SQLException, StaleStateException {
    int written =
        Sql.update(
            c,
            "UPDATE log_view SET head_size = ?, head_root = ?, head_note = ?, head_seen = ?"
                + " WHERE log = ? AND branch = ? AND head_size = ? AND head_root = ?",
            next.head().size(),
            next.head().root(),
            next.note(),
            next.seen(),
            log,
            branch,
            known.size(),
            known.root());
    if (written == 0) {
      throw stale(c, log, branch, "head", known);
    }
    remember(c, log, branch, next);
    thin(c, log, branch);
  }

  static void advance(Connection c, Commit commit) throws SQLException, StaleStateException {
    int written =
        Sql.update(
            c,
            "UPDATE log_view SET pos_size = ?, pos_root = ?, pos_range = ?"
                + " WHERE log = ? AND branch = ? AND pos_size = ? AND pos_root = ?"
                + " AND head_size >= ?",
            commit.next().head().size(),
            commit.next().head().root(),
            Sql.joined(commit.next().range()),
            commit.log(),
            commit.branch(),
            commit.known().size(),
            commit.known().root(),
            commit.next().head().size());
    if (written == 0) {
      throw stale(c, commit.log(), commit.branch(), "position", commit.known());
    }
  }

  static List<SeenHead> history(Connection c, String log, int branch, int limit)
      throws SQLException {
    return Sql.all(
        c,
        row ->
            new SeenHead(
                new TreeHead(row.getLong("size"), Sql.hash(row, "root")),
                row.getString("note"),
                Sql.time(row, "seen")),
        "SELECT size, root, note, seen FROM head_history WHERE log = ? AND branch = ?"
            + " ORDER BY size DESC LIMIT ?",
        log,
        branch,
        limit);
  }

  /// Keeps the first note seen for a head.
  private static void remember(Connection c, String log, int branch, SeenHead head)
      throws SQLException {
    Sql.update(
        c,
        "INSERT INTO head_history (log, branch, size, root, note, note_chars, seen)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (log, branch, size) DO NOTHING",
        log,
        branch,
        head.head().size(),
        head.head().root(),
        head.note(),
        head.note().length(),
        head.seen());
  }

  /// Drops every second head of the older half if there are too many, the first one never.
  private static void thin(Connection c, String log, int branch) throws SQLException {
    record Extent(long count, long chars) {}
    Extent extent =
        Sql.all(
                c,
                row -> new Extent(row.getLong(1), row.getLong(2)),
                "SELECT count(*), coalesce(sum(note_chars), 0) FROM head_history"
                    + " WHERE log = ? AND branch = ?",
                log,
                branch)
            .getFirst();
    if (extent.count() <= MAX_HISTORY && extent.chars() <= MAX_HISTORY_CHARS) {
      return;
    }
    Sql.update(
        c,
        "DELETE FROM head_history WHERE log = ? AND branch = ? AND size IN ("
            + "SELECT size FROM (SELECT size, row_number() OVER (ORDER BY size) AS place"
            + " FROM head_history WHERE log = ? AND branch = ?) AS placed"
            + " WHERE place <= ? AND place % 2 = 0)",
        log,
        branch,
        log,
        branch,
        extent.count() / 2);
  }

  private static StaleStateException stale(
      Connection c, String log, int branch, String what, TreeHead known) throws SQLException {
    String stored =
        of(c, log).stream()
            .filter(view -> view.branch() == branch)
            .findFirst()
            .map(view ->
                "head %d, position %d"
                    .formatted(view.head().head().size(), view.position().head().size()))
            .orElse("no such view");
    return new StaleStateException(
        "log %s branch %d: %s is not %d %s any more (stored: %s)"
            .formatted(log, branch, what, known.size(), known.root().toHex(), stored));
  }

  private static View view(ResultSet row) throws SQLException {
    Position position =
        new Position(
            new TreeHead(row.getLong("pos_size"), Sql.hash(row, "pos_root")),
            Sql.hashes(row, "pos_range"));
    // Everything judged later is appended to this range: it must be the one that was proven.
    if (position.range().size() != Long.bitCount(position.head().size())
        || !position.toRange().root().equals(position.head().root())) {
      throw new SQLException(
          "the stored range over %d leaves does not have the stored root: the database was altered"
              .formatted(position.head().size()));
    }
    return new View(
        row.getInt("branch"),
        new SeenHead(
            new TreeHead(row.getLong("head_size"), Sql.hash(row, "head_root")),
            row.getString("head_note"),
            Sql.time(row, "head_seen")),
        position);
  }

  /// Refuses what no caller may ask: a smaller tree, or another one of the same size.
  static void requireGrowth(TreeHead known, TreeHead next) {
    require(
        next.size() >= known.size(),
        "next size: %d (expected: >= %d)".formatted(next.size(), known.size()));
    require(
        next.size() > known.size() || next.root().equals(known.root()),
        "next root: another one for the same size " + known.size());
  }

  static void require(boolean held, String message) {
    if (!held) {
      throw new IllegalArgumentException(message);
    }
  }
}
