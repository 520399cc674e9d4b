package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Telling;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What is too much to be told one by one. The hour of an entry's first sight decides, whenever the
/// finding is written: the same facts give the same answer after any restart.
final class Untolds {
  private Untolds() {}

  /// How many findings like this one there are of the same hour, itself included; counts no further
  /// than `most`.
  static long inHour(
      Connection c, String log, String kind, String watch, Instant firstSeen, int most)
      throws SQLException {
    Instant hour = firstSeen.truncatedTo(ChronoUnit.HOURS);
    return Sql.first(
            c,
            row -> row.getLong(1),
            "SELECT count(*) FROM (SELECT 1 FROM finding WHERE log = ? AND kind = ? AND watch = ?"
                + " AND opened_at >= ? AND opened_at < ? LIMIT ?) AS told",
            log,
            kind,
            watch,
            hour,
            hour.plus(1, ChronoUnit.HOURS),
            most)
        .orElseThrow();
  }

  /// Whether a finding is one too many for a receiver.
  ///
  /// @param more 0 if it was just written, 1 if it was not written under its own log
  static boolean isTooMany(Connection c, Filing filing, Telling telling, int more)
      throws SQLException {
    if (telling.perHour() == Telling.ALL) {
      return false;
    }
    Alert alert = filing.finding().alert();
    int tooMany = telling.perHour() + 1 - more;
    return inHour(c, alert.log(), alert.kind().label(), alert.watch(), alert.firstSeen(), tooMany)
        >= tooMany;
  }

  /// Whether the finding is known from another place, and was one too many there.
  static boolean isElsewhere(Connection c, Filing filing) throws SQLException {
    Finding finding = filing.finding();
    return Sql.first(
            c,
            row -> true,
            "SELECT 1 FROM finding AS f JOIN untold AS u ON u.log = f.log AND u.branch = f.branch"
                + " AND u.idx = f.idx AND u.kind = f.kind AND u.watch = f.watch"
                + " WHERE f.uid = ? AND NOT (f.log = ? AND f.branch = ? AND f.idx = ?)",
            finding.alert().uid(),
            finding.alert().log(),
            finding.branch(),
            finding.index())
        .isPresent();
  }

  /// Notes that a known finding is told after all.
  static void tell(Connection c, Filing filing) throws SQLException {
    Sql.update(
        c,
        "DELETE FROM untold WHERE EXISTS (SELECT 1 FROM finding AS f WHERE f.uid = ?"
            + " AND untold.log = f.log AND untold.branch = f.branch AND untold.idx = f.idx"
            + " AND untold.kind = f.kind AND untold.watch = f.watch)",
        filing.finding().alert().uid());
  }

  static void add(Connection c, Finding finding, Instant now) throws SQLException {
    Alert alert = finding.alert();
    add(
        c,
        new Untold(
            alert.log(),
            finding.branch(),
            finding.index(),
            alert.kind().label(),
            alert.watch(),
            "",
            alert.why(),
            now));
  }

  static void add(Connection c, Untold untold) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO untold (log, branch, idx, kind, watch, leaf, reason, seen)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (log, branch, idx, kind, watch) DO NOTHING",
        untold.log(),
        untold.branch(),
        untold.index(),
        untold.kind(),
        untold.watch(),
        untold.leaf(),
        untold.reason(),
        untold.seen());
  }

  static Optional<Untold.Sum> sum(Connection c, String log, Instant from) throws SQLException {
    return Sql.first(
            c,
            row ->
                new Untold.Sum(
                    row.getLong(1), row.getLong(2), row.getLong(3), Sql.time(row, "since")),
            "SELECT count(*), min(idx), max(idx), min(seen) AS since FROM untold"
                + " WHERE log = ? AND seen >= ?",
            log,
            from)
        .filter(sum -> sum.entries() > 0);
  }

  static List<Untold> list(Connection c, String log, long from, int limit) throws SQLException {
    return Sql.all(
        c,
        row ->
            new Untold(
                log,
                row.getInt("branch"),
                row.getLong("idx"),
                row.getString("kind"),
                row.getString("watch"),
                row.getString("leaf"),
                row.getString("reason"),
                Sql.time(row, "seen")),
        "SELECT branch, idx, kind, watch, leaf, reason, seen FROM untold"
            + " WHERE log = ? AND idx >= ? ORDER BY idx, branch, kind, watch LIMIT ?",
        log,
        from,
        limit);
  }
}
