package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lines of allowlists that came through the API or from a topic.
final class AllowlistLines {
  private static final String COLUMNS =
      "SELECT list, line, note, state, revision, changed_at, changed_by, reason, source"
          + " FROM allowlist_line";

  /// Lines asked for in one query: of 50,000 each one would take seconds.
  private static final int AT_ONCE = 500;

  private AllowlistLines() {}

  /// Adds lines that are not there; returns how many were not.
  ///
  /// @param lines each line with its note
  /// @param again whether lines that were revoked may be added again
  static int add(
      Connection c, String list, Map<String, String> lines, Deed deed, boolean again, Instant now)
      throws SQLException {
    long revision = 0;
    int added = 0;
    for (Map.Entry<String, String> line : lines.entrySet()) {
      Optional<AllowedLine> known = find(c, list, line.getKey());
      if (known.isPresent() && (known.get().allowed() || !again)) {
        continue;
      }
      revision = revision == 0 ? Audit.next(c, "allowlist") : revision;
      allow(c, list, line.getKey(), line.getValue(), deed, revision, now);
      added++;
    }
    return added;
  }

  /// Puts a line on a list.
  static void allow(
      Connection c, String list, String line, String note, Deed deed, long revision, Instant now)
      throws SQLException {
    Sql.update(
        c,
        "INSERT INTO allowlist_line (list, line, note, state, revision, changed_at, changed_by,"
            + " reason, source) VALUES (?, ?, ?, 'allowed', ?, ?, ?, ?, ?) ON CONFLICT (list, line)"
            + " DO UPDATE SET note = excluded.note, state = excluded.state,"
            + " revision = excluded.revision, changed_at = excluded.changed_at,"
            + " changed_by = excluded.changed_by, reason = excluded.reason,"
            + " source = excluded.source",
        list,
        line,
        note,
        revision,
        now,
        deed.who(),
        deed.reason(),
        source(deed));
  }

  /// Where a change came from: `topic`, or else `api`.
  private static String source(Deed deed) {
    return deed.action().equals(TopicLines.CHANGED) ? AllowedLine.TOPIC : "api";
  }

  /// Takes lines off a list that are on it; returns how many were.
  static int revoke(Connection c, String list, Iterable<String> lines, Deed deed, Instant now)
      throws SQLException {
    long revision = 0;
    int revoked = 0;
    for (String line : lines) {
      if (find(c, list, line).filter(AllowedLine::allowed).isEmpty()) {
        continue;
      }
      revision = revision == 0 ? Audit.next(c, "allowlist") : revision;
      revoke(c, list, line, deed, revision, now);
      revoked++;
    }
    return revoked;
  }

  /// Takes a line off a list.
  static void revoke(Connection c, String list, String line, Deed deed, long revision, Instant now)
      throws SQLException {
    Sql.update(
        c,
        "UPDATE allowlist_line SET state = 'revoked', revision = ?, changed_at = ?,"
            + " changed_by = ?, reason = ?, source = ? WHERE list = ? AND line = ?",
        revision,
        now,
        deed.who(),
        deed.reason(),
        source(deed),
        list,
        line);
    ExpectedEntries.revoke(c, list, line);
  }

  /// One of these lines that was taken off the list, the first in their order; empty if none was.
  static Optional<String> revoked(Connection c, String list, List<String> lines)
      throws SQLException {
    for (int from = 0; from < lines.size(); from += AT_ONCE) {
      List<String> some = lines.subList(from, Math.min(lines.size(), from + AT_ONCE));
      List<Object> parameters = new ArrayList<>(some);
      parameters.addFirst(list);
      Optional<String> found =
          Sql.first(
              c,
              row -> row.getString("line"),
              "SELECT line FROM allowlist_line WHERE list = ? AND line IN (%s)"
                      .formatted(String.join(", ", Collections.nCopies(some.size(), "?")))
                  + " AND state = 'revoked' ORDER BY line LIMIT 1",
              parameters.toArray());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  static Optional<AllowedLine> find(Connection c, String list, String line) throws SQLException {
    return Sql.first(c, AllowlistLines::line, COLUMNS + " WHERE list = ? AND line = ?", list, line);
  }

  /// Lines of a list behind `after`, in their order.
  static List<AllowedLine> page(Connection c, String list, String after, int limit)
      throws SQLException {
    return Sql.all(
        c,
        AllowlistLines::line,
        COLUMNS + " WHERE list = ? AND line > ? ORDER BY line LIMIT ?",
        list,
        after,
        limit);
  }

  /// What is known of a digest or another line, on any list.
  static List<AllowedLine> everywhere(Connection c, String line, int limit) throws SQLException {
    return Sql.all(
        c, AllowlistLines::line, COLUMNS + " WHERE line = ? ORDER BY list LIMIT ?", line, limit);
  }

  /// Lines that were changed after the last one of the page before, in the order of changes.
  static List<AllowedLine> changes(Connection c, long revision, String list, String line, int limit)
      throws SQLException {
    return Sql.all(
        c,
        AllowlistLines::line,
        COLUMNS + " WHERE (revision, list, line) > (?, ?, ?) ORDER BY revision, list, line LIMIT ?",
        revision,
        list,
        line,
        limit);
  }

  static long revision(Connection c) throws SQLException {
    return Sql.first(
            c, row -> row.getLong(1), "SELECT value FROM counter WHERE name = ?", "allowlist")
        .orElse(0L);
  }

  static long count(Connection c, String list) throws SQLException {
    return Sql.first(
            c,
            row -> row.getLong(1),
            "SELECT count(*) FROM allowlist_line WHERE list = ? AND state = 'allowed'",
            list)
        .orElse(0L);
  }

  /// Lines behind `after` that a topic put on a list and that count, in their order.
  static List<AllowedLine> ofTopic(Connection c, String list, String after, int limit)
      throws SQLException {
    return Sql.all(
        c,
        AllowlistLines::line,
        COLUMNS
            + " WHERE list = ? AND line > ? AND state = 'allowed' AND source = ?"
            + " ORDER BY line LIMIT ?",
        list,
        after,
        AllowedLine.TOPIC,
        limit);
  }

  private static AllowedLine line(ResultSet row) throws SQLException {
    return new AllowedLine(
        row.getString("list"),
        row.getString("line"),
        row.getString("note"),
        row.getString("state").equals("allowed"),
        row.getLong("revision"),
        Sql.time(row, "changed_at"),
        row.getString("changed_by"),
        row.getString("reason"),
        row.getString("source"));
  }
}
