package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    Map<String, AllowedLine> known = known(c, list, lines.keySet());
    Map<String, String> wanted = new TreeMap<>(lines);
    wanted
        .keySet()
        .removeIf(line -> {
          AllowedLine before = known.get(line);
          return before != null && (before.allowed() || !again);
        });
    if (!wanted.isEmpty()) {
      allow(c, list, wanted, deed, Audit.next(c, "allowlist"), now);
    }
    return wanted.size();
  }

  /// Puts lines on a list, each with its note.
  static void allow(
      Connection c, String list, Map<String, String> lines, Deed deed, long revision, Instant now)
      throws SQLException {
    Sql.updateAll(
        c,
        "INSERT INTO allowlist_line (list, line, note, state, revision, changed_at, changed_by,"
            + " reason, source) VALUES (?, ?, ?, 'allowed', ?, ?, ?, ?, ?) ON CONFLICT (list, line)"
            + " DO UPDATE SET note = excluded.note, state = excluded.state,"
            + " revision = excluded.revision, changed_at = excluded.changed_at,"
            + " changed_by = excluded.changed_by, reason = excluded.reason,"
            + " source = excluded.source",
        lines.entrySet(),
        line ->
            List.of(
                list,
                line.getKey(),
                line.getValue(),
                revision,
                now,
                deed.who(),
                deed.reason(),
                source(deed)));
  }

  /// Where a change came from: `topic`, or else `api`.
  private static String source(Deed deed) {
    return deed.action().equals(TopicLines.CHANGED) ? AllowedLine.TOPIC : "api";
  }

  /// Takes lines off a list that are on it; returns how many were.
  static int revoke(Connection c, String list, Collection<String> lines, Deed deed, Instant now)
      throws SQLException {
    List<String> allowed =
        known(c, list, lines).values().stream()
            .filter(AllowedLine::allowed)
            .map(AllowedLine::line)
            .toList();
    if (!allowed.isEmpty()) {
      revoke(c, list, allowed, deed, Audit.next(c, "allowlist"), now);
    }
    return allowed.size();
  }

  /// Takes lines off a list.
  static void revoke(
      Connection c, String list, Collection<String> lines, Deed deed, long revision, Instant now)
      throws SQLException {
    Sql.updateAll(
        c,
        "UPDATE allowlist_line SET state = 'revoked', revision = ?, changed_at = ?,"
            + " changed_by = ?, reason = ?, source = ? WHERE list = ? AND line = ?",
        lines,
        line -> List.of(revision, now, deed.who(), deed.reason(), source(deed), list, line));
    ExpectedEntries.revoke(c, list, lines);
  }

  /// One of these lines that was taken off the list, the first in their order; empty if none was.
  static Optional<String> revoked(Connection c, String list, Collection<String> lines)
      throws SQLException {
    return known(c, list, lines).values().stream()
        .filter(line -> !line.allowed())
        .map(AllowedLine::line)
        .findFirst();
  }

  /// What is known of these lines, by line: those that are on the list or were. In the order of the
  /// lines, as whatever changes many: in any other each one is in another part of the indexes, and
  /// a database whose cache is small reads and writes those again and again.
  static Map<String, AllowedLine> known(Connection c, String list, Collection<String> lines)
      throws SQLException {
    Map<String, AllowedLine> known = new TreeMap<>();
    List<String> all = lines.stream().sorted().toList();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<Object> parameters = new ArrayList<>(AT_ONCE + 1);
      parameters.add(list);
      parameters.addAll(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
      String marks = String.join(", ", Collections.nCopies(parameters.size() - 1, "?"));
      Sql.all(
              c,
              AllowlistLines::line,
              COLUMNS + " WHERE list = ? AND line IN (" + marks + ")",
              parameters.toArray())
          .forEach(line -> known.put(line.line(), line));
    }
    return known;
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
