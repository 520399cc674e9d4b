package dev.sigwarden.store;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.WatchRevision;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which revision of which watch judged which entries: what may be said never to have been seen.
///
/// All watches that judge together are a set with a number; what a set judged of a log is one row
/// that grows with the position, however many watches there are. Sets are numbered in the order in
/// which they came into force, and a watch's revision is kept once for all sets in a row that have
/// it: ten thousand watches of which one changes take one row more. Thread-safe.
public final class Coverage {
  /// The set of nobody: what it judged is not written down.
  public static final long UNKNOWN = 0;

  /// Ranges that are looked at to say since when a watch has looked without a gap.
  private static final int MAX_STEPS = 1_000;

  /// Rows handed to the database at once.
  private static final int BATCH = 500;

  private static final String RANGES =
      "SELECT c.log, c.from_idx, c.to_idx, c.first_at, c.last_at, w.watch, w.selects, w.expects,"
          + " n.selects AS now FROM coverage AS c"
          + " JOIN watch_revision AS w ON w.first_set <= c.watch_set"
          + " AND (w.last_set IS NULL OR w.last_set >= c.watch_set)"
          + " LEFT JOIN watch_revision AS n ON n.watch = w.watch AND n.last_set IS NULL"
          + " WHERE w.watch = ?";

  private final Database database;
  private final Clock clock;

  Coverage(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Since when a watch has looked at a log without a gap.
  ///
  /// @param from the index of the first entry
  /// @param at when that was judged
  public record Since(long from, Instant at) {}

  /// Entries `[from, to)` that were not looked through.
  public record Gap(long from, long to) {}

  /// The number of the set of these watches, which a commit names: the newest one's, whichever
  /// process asks, unless a watch was changed since.
  public long register(Map<String, WatchRevision> watches) {
    Map<String, WatchRevision> sorted = new TreeMap<>(watches);
    String digest = digest(sorted);
    return database
        .read("watch set", c -> known(c, digest))
        .orElseGet(() -> database.update("watch set", c -> add(c, digest, sorted)));
  }

  /// The number of a set of watches that judge beside those in force, in a scan for some of them.
  /// Below zero, so that no span of revisions in force holds it.
  public long aside(Map<String, WatchRevision> watches) {
    Map<String, WatchRevision> sorted = new TreeMap<>(watches);
    String digest = "aside " + digest(sorted);
    return database.update(
        "watch set",
        c -> {
          long id = -Audit.next(c, "watch-set");
          Optional<Long> known =
              Sql.first(
                  c, row -> row.getLong(1), "SELECT id FROM watch_set WHERE digest = ?", digest);
          if (known.isEmpty()) {
            insert(c, id, digest);
            begin(c, sorted, id, Optional.of(id));
          }
          return known.orElse(id);
        });
  }

  private static String digest(Map<String, WatchRevision> watches) {
    StringBuilder text = new StringBuilder();
    watches.forEach((watch, revision) ->
        text.append(watch)
            .append(' ')
            .append(revision.selects())
            .append(' ')
            .append(revision.expects())
            .append('\n'));
    return Hash.ofData(text.toString().getBytes(StandardCharsets.UTF_8)).toHex();
  }

  private static Optional<Long> known(Connection c, String digest) throws SQLException {
    return Sql.first(
        c,
        row -> row.getLong(1),
        "SELECT id FROM watch_set WHERE digest = ? AND id = (SELECT max(id) FROM watch_set)",
        digest);
  }

  private long add(Connection c, String digest, Map<String, WatchRevision> watches)
      throws SQLException {
    // Whoever else adds a set waits for this one's end, and then finds it.
    long id = Audit.next(c, "watch-set");
    Optional<Long> known = known(c, digest);
    if (known.isPresent()) {
      return known.get();
    }
    insert(c, id, digest);
    Map<String, WatchRevision> before = newest(c);
    List<String> ended = new ArrayList<>();
    before.forEach((watch, revision) -> {
      if (!revision.equals(watches.get(watch))) {
        ended.add(watch);
      }
    });
    Map<String, WatchRevision> begun = new TreeMap<>(watches);
    begun.entrySet().removeIf(one -> one.getValue().equals(before.get(one.getKey())));
    end(c, ended, id - 1);
    begin(c, begun, id, Optional.empty());
    return id;
  }

  private void insert(Connection c, long id, String digest) throws SQLException {
    Sql.update(
        c, "INSERT INTO watch_set (id, digest, at) VALUES (?, ?, ?)", id, digest, clock.instant());
  }

  private static Map<String, WatchRevision> newest(Connection c) throws SQLException {
    Map<String, WatchRevision> newest = new HashMap<>();
    Sql.all(
            c,
            row ->
                Map.entry(row.getString(1), new WatchRevision(row.getString(2), row.getString(3))),
            "SELECT watch, selects, expects FROM watch_revision WHERE last_set IS NULL")
        .forEach(one -> newest.put(one.getKey(), one.getValue()));
    return newest;
  }

  private static void end(Connection c, List<String> watches, long last) throws SQLException {
    for (String watch : watches) {
      Sql.update(
          c,
          "UPDATE watch_revision SET last_set = ? WHERE watch = ? AND last_set IS NULL",
          last,
          watch);
    }
  }

  private static void begin(
      Connection c, Map<String, WatchRevision> watches, long first, Optional<Long> last)
      throws SQLException {
    try (PreparedStatement insert =
        c.prepareStatement(
            "INSERT INTO watch_revision (watch, first_set, selects, expects, last_set)"
                + " VALUES (?, ?, ?, ?, ?)")) {
      int rows = 0;
      for (Map.Entry<String, WatchRevision> one : watches.entrySet()) {
        insert.setString(1, one.getKey());
        insert.setLong(2, first);
        insert.setString(3, one.getValue().selects());
        insert.setString(4, one.getValue().expects());
        insert.setObject(5, last.orElse(null));
        insert.addBatch();
        if (++rows % BATCH == 0) {
          int[] _ = insert.executeBatch();
        }
      }
      int[] _ = insert.executeBatch();
    }
  }

  /// Writes down who judged a chunk. A branch is another history, whose indexes are not those of
  /// the proven one.
  static void extend(Connection c, Commit commit, Instant now) throws SQLException {
    if (commit.branch() == 0) {
      extend(
          c,
          commit.log(),
          commit.watchSet(),
          commit.known().size(),
          commit.next().head().size(),
          now);
    }
  }

  /// The same of a ledger, by places: what is owed was not judged, and what was is.
  static void extend(Connection c, String ledger, LedgerCommit commit, Instant now)
      throws SQLException {
    long set = commit.watchSet();
    long from = commit.known();
    for (long owed :
        commit.owed().stream().mapToLong(it -> it.id().seqno()).sorted().distinct().toArray()) {
      if (owed >= from && owed < commit.next()) {
        extend(c, ledger, set, from, owed, now);
        from = owed + 1;
      }
    }
    extend(c, ledger, set, from, commit.next(), now);
    for (LedgerEntry entry : commit.entries()) {
      long place = entry.id().seqno();
      if (place < commit.known() && Ledgers.owes(c, ledger, place)) {
        extend(c, ledger, set, place, place + 1, now);
      }
    }
  }

  /// Writes down that a set judged the entries `[from, to)` of a log; to be called in the
  /// transaction that says so otherwise. What touches a range of the same set makes it longer.
  static void extend(Connection c, String log, long set, long from, long to, Instant now)
      throws SQLException {
    if (set == UNKNOWN || from >= to) {
      return;
    }
    int grown =
        Sql.update(
            c,
            "UPDATE coverage SET to_idx = ?, last_at = ?"
                + " WHERE log = ? AND watch_set = ? AND to_idx = ?",
            to,
            now,
            log,
            set,
            from);
    if (grown == 0) {
      Sql.update(
          c,
          "INSERT INTO coverage (log, watch_set, from_idx, to_idx, first_at, last_at)"
              + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (log, watch_set, from_idx) DO UPDATE SET"
              + " to_idx = CASE WHEN excluded.to_idx > coverage.to_idx THEN excluded.to_idx"
              + " ELSE coverage.to_idx END, last_at = excluded.last_at",
          log,
          set,
          from,
          to,
          now,
          now);
    }
  }

  /// What the revisions of a watch judged, by log and index, at most `limit` ranges.
  ///
  /// @param log empty for all logs
  public List<Covered> of(String watch, String log, int limit) {
    return database.read(
        "coverage of " + watch,
        c ->
            log.isEmpty()
                ? Sql.all(
                    c,
                    Coverage::covered,
                    RANGES + " ORDER BY c.log, c.from_idx, c.watch_set LIMIT ?",
                    watch,
                    limit)
                : Sql.all(
                    c,
                    Coverage::covered,
                    RANGES + " AND c.log = ? ORDER BY c.from_idx, c.watch_set LIMIT ?",
                    watch,
                    log,
                    limit));
  }

  private static Covered covered(java.sql.ResultSet row) throws SQLException {
    WatchRevision revision = new WatchRevision(row.getString("selects"), row.getString("expects"));
    return new Covered(
        row.getString("log"),
        row.getLong("from_idx"),
        row.getLong("to_idx"),
        row.getString("watch"),
        revision,
        revision.selects().equals(row.getString("now")),
        Sql.time(row, "first_at"),
        Sql.time(row, "last_at"));
  }

  /// The index of the first entry of a log that is known to have been judged by all watches that
  /// were in force then; empty if it is not written down.
  public Optional<Long> first(String log) {
    return database.read(
        "coverage of " + log,
        c ->
            Sql.first(
                c,
                row -> row.getLong(1),
                "SELECT from_idx FROM coverage WHERE log = ? AND watch_set > 0"
                    + " ORDER BY from_idx LIMIT 1",
                log));
  }

  /// The parts of `[from, to)` that no range covers which counts now, in order.
  public static List<Gap> gaps(long from, long to, List<Covered> ranges) {
    List<Gap> gaps = new ArrayList<>();
    long at = from;
    for (Covered range :
        ranges.stream()
            .filter(Covered::current)
            .sorted(Comparator.comparingLong(Covered::from))
            .toList()) {
      if (at < Math.min(range.from(), to)) {
        gaps.add(new Gap(at, Math.min(range.from(), to)));
      }
      at = Math.max(at, range.to());
    }
    if (at < to) {
      gaps.add(new Gap(at, to));
    }
    return gaps;
  }

  /// Since when a watch, as it is now, has looked at the newest entries of a log without a gap;
  /// empty if it has looked at none.
  public Optional<Since> since(String watch, String log) {
    List<Covered> newestFirst =
        database.read(
            "coverage of " + watch,
            c ->
                Sql.all(
                    c,
                    Coverage::covered,
                    RANGES + " AND c.log = ? ORDER BY c.to_idx DESC, c.from_idx LIMIT ?",
                    watch,
                    log,
                    MAX_STEPS));
    Optional<Since> since = Optional.empty();
    for (Covered range : newestFirst) {
      boolean touches = since.isEmpty() || range.to() >= since.get().from();
      if (range.current() && !touches) {
        break;
      }
      if (range.current() && (since.isEmpty() || range.from() < since.get().from())) {
        since = Optional.of(new Since(range.from(), range.first()));
      }
    }
    return since;
  }
}
