package dev.sigwarden.store;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.ExpectedEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What lines of allowlists say must appear in logs, and what became of it. Thread-safe; every
/// method throws `StoreException` if the database fails.
public final class ExpectedEntries {
  /// What the form of a line about a certificate begins with; the rest are digests of artifacts.
  private static final String CERTIFICATE = "tbs:";

  private static final String COLUMNS =
      "SELECT list, source, line, log, due_at, changed_at, uid FROM expected_entry";

  /// How far the clocks of processes may differ.
  private static final Duration AHEAD = Duration.ofSeconds(10);

  private final Database database;
  private final Clock clock;

  ExpectedEntries(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Takes over what the file of a list says now: its word counts, later times than before
  /// included.
  public void level(String list, Collection<ExpectedEntry> file) {
    database.plainChange(
        "expected entries of " + list,
        c -> {
          Set<ExpectedEntry> before =
              Sql.all(
                      c,
                      ExpectedEntries::due,
                      COLUMNS + " WHERE list = ? AND source = ?",
                      list,
                      DueEntry.FILE)
                  .stream()
                  .map(DueEntry::entry)
                  .collect(Collectors.toSet());
          Set<ExpectedEntry> now = new HashSet<>(earliest(file));
          for (ExpectedEntry gone : before) {
            if (!now.contains(gone)) {
              Sql.update(
                  c,
                  "DELETE FROM expected_entry WHERE list = ? AND source = ? AND line = ? AND log ="
                      + " ?",
                  list,
                  DueEntry.FILE,
                  gone.line(),
                  gone.log());
            }
          }
          for (ExpectedEntry entry : now) {
            if (!before.contains(entry)) {
              add(c, list, DueEntry.FILE, entry, clock.instant());
            }
          }
        });
  }

  /// Of what is said twice of one line and log the earlier time.
  private static Collection<ExpectedEntry> earliest(Collection<ExpectedEntry> all) {
    return all.stream()
        .collect(
            Collectors.toMap(
                entry -> Map.entry(entry.line(), entry.log()),
                entry -> entry,
                (one, other) -> other.due().isBefore(one.due()) ? other : one))
        .values();
  }

  /// Adds what lines that came through the API say. An earlier time counts, a later one does not:
  /// who may add lines must not put off what is missed.
  ///
  /// @param allowed the lines that are on the list now
  static void add(
      Connection c,
      String list,
      Collection<ExpectedEntry> entries,
      Set<String> allowed,
      Instant now)
      throws SQLException {
    for (ExpectedEntry entry : entries) {
      if (allowed.contains(entry.line())) {
        add(c, list, DueEntry.API, entry, now);
      }
    }
  }

  private static void add(
      Connection c, String list, String source, ExpectedEntry entry, Instant now)
      throws SQLException {
    Sql.update(
        c,
        "INSERT INTO expected_entry (list, source, line, log, due_at, state, uid, changed_at)"
            + " VALUES (?, ?, ?, ?, ?, 'waiting', '', ?) ON CONFLICT (list, source, line, log)"
            + " DO UPDATE SET due_at = excluded.due_at, state = excluded.state, uid = excluded.uid,"
            + " changed_at = excluded.changed_at WHERE excluded.due_at < expected_entry.due_at",
        list,
        source,
        entry.line(),
        entry.log(),
        entry.due(),
        now);
  }

  /// Forgets what lines of the API said that were revoked.
  static void revoke(Connection c, String list, Collection<String> lines) throws SQLException {
    Sql.updateAll(
        c,
        "DELETE FROM expected_entry WHERE list = ? AND source = ? AND line = ?",
        lines,
        line -> List.of(list, DueEntry.API, line));
  }

  /// How many entries a list says must appear by lines of the API, whatever became of them.
  public long count(String list) {
    return database.read(
        "expected entries",
        c ->
            Sql.first(
                    c,
                    row -> row.getLong(1),
                    "SELECT count(*) FROM expected_entry WHERE list = ? AND source = ?",
                    list,
                    DueEntry.API)
                .orElse(0L));
  }

  /// Entries that were due at `now` and that nothing is known of yet, the earliest first, at most
  /// `limit`.
  ///
  /// @param after the last one of the page before; empty for the first page
  public List<DueEntry> due(Instant now, Optional<DueEntry> after, int limit) {
    return database.read(
        "expected entries",
        c ->
            after.isEmpty()
                ? Sql.all(
                    c,
                    ExpectedEntries::due,
                    COLUMNS
                        + " WHERE state = 'waiting' AND due_at <= ?"
                        + " ORDER BY due_at, list, source, line, log LIMIT ?",
                    now,
                    limit)
                : Sql.all(
                    c,
                    ExpectedEntries::due,
                    COLUMNS
                        + " WHERE state = 'waiting' AND due_at <= ?"
                        + " AND (due_at, list, source, line, log) > (?, ?, ?, ?, ?)"
                        + " ORDER BY due_at, list, source, line, log LIMIT ?",
                    now,
                    after.get().entry().due(),
                    after.get().list(),
                    after.get().source(),
                    after.get().entry().line(),
                    after.get().entry().log(),
                    limit));
  }

  /// Entries that were told as missing and may have appeared since, at most `limit`.
  public List<DueEntry> appeared(int limit) {
    return database.read(
        "expected entries",
        c ->
            Sql.all(
                c,
                ExpectedEntries::due,
                COLUMNS
                    + " WHERE state = 'missing' AND (EXISTS (SELECT 1 FROM artifact AS a"
                    + " WHERE a.digest = expected_entry.line AND a.branch = 0)"
                    + " OR line LIKE 'tbs:%') ORDER BY line, list, source, log LIMIT ?",
                limit));
  }

  /// Observations of the proven history of logs that are about what a line names, in the order of
  /// their keys, at most `limit`.
  ///
  /// @param after the last one of the page before; empty for the first page
  public List<ObservationKey> observations(String line, Optional<ObservationKey> after, int limit) {
    ObservationKey from = after.orElse(new ObservationKey("", 0, 0, ""));
    String which =
        line.startsWith(CERTIFICATE)
            ? " FROM observation AS o WHERE o.certificate = ?"
            : " FROM artifact AS a JOIN observation AS o"
                + " ON o.log = a.log AND o.branch = a.branch AND o.idx = a.idx WHERE a.digest = ?";
    Object value =
        line.startsWith(CERTIFICATE)
            ? Hash.of(HexFormat.of().parseHex(line.substring(CERTIFICATE.length())))
            : line;
    return database.read(
        "observations of " + line,
        c ->
            Sql.all(
                c,
                Observations::key,
                "SELECT o.log, o.branch, o.idx, o.watch"
                    + which
                    + " AND o.branch = 0 AND (o.log, o.idx, o.watch) > (?, ?, ?)"
                    + " ORDER BY o.log, o.idx, o.watch LIMIT ?",
                value,
                from.log(),
                from.index(),
                from.watch(),
                limit));
  }

  /// The observation of that key, whatever its verdict.
  public Optional<Observation> observation(ObservationKey key) {
    return database.read("observation", c -> Observations.find(c, key));
  }

  /// Writes that an entry is there.
  public void met(DueEntry entry) {
    database.plainChange(
        "expected entry of " + entry.list(),
        c -> {
          boolean _ = move(c, entry, "waiting", "met", "");
        });
  }

  /// Writes that an entry is missing, with the finding that tells of it; false, and nothing is
  /// written, if that is known or the entry is not waited for any more.
  public boolean missing(DueEntry entry, Filing filing) {
    return database.update(
        "expected entry of " + entry.list(),
        c -> {
          String uid = filing.finding().alert().uid();
          boolean moved = move(c, entry, "waiting", "missing", uid);
          if (moved) {
            Findings.file(c, List.of(filing), clock.instant());
          }
          return moved;
        });
  }

  /// Writes that an entry appeared that had been told as missing, and tells of it whoever was told.
  /// The finding stays as it is: people close it.
  ///
  /// @param comment what appeared where
  public void late(DueEntry entry, Act comment) {
    database.plainChange(
        "expected entry of " + entry.list(),
        c -> {
          // The file and the API may have said the same.
          int moved =
              Sql.update(
                  c,
                  "UPDATE expected_entry SET state = 'late', changed_at = ?"
                      + " WHERE uid = ? AND state = 'missing'",
                  clock.instant(),
                  entry.uid());
          if (moved == 0) {
            return;
          }
          if (Lifecycle.act(c, entry.uid(), comment) instanceof Change.Done(Tracked finding)) {
            List<String> told = Deliveries.told(c, entry.uid());
            if (!told.isEmpty()) {
              int next = Findings.nextRevision(c, entry.uid());
              Alert telling = finding.alert().after(comment, next);
              Deliveries.route(c, telling, told, 1, comment.at());
            }
          }
        });
  }

  private boolean move(Connection c, DueEntry entry, String from, String to, String uid)
      throws SQLException {
    return Sql.update(
            c,
            "UPDATE expected_entry SET state = ?, uid = ?, changed_at = ?"
                + " WHERE list = ? AND source = ? AND line = ? AND log = ? AND due_at = ?"
                + " AND state = ?",
            to,
            uid,
            clock.instant(),
            entry.list(),
            entry.source(),
            entry.entry().line(),
            entry.entry().log(),
            entry.entry().due(),
            from)
        > 0;
  }

  /// Writes that whatever a log had at `through` was read and judged.
  public void read(String log, Instant through) {
    database.plainChange(
        "reading of " + log,
        c -> {
          int _ =
              Sql.update(
                  c,
                  "INSERT INTO log_reading (log, through) VALUES (?, ?) ON CONFLICT (log)"
                      + " DO UPDATE SET through = excluded.through"
                      + " WHERE excluded.through > log_reading.through",
                  log,
                  through);
        });
  }

  /// Forgets what lies in the future: it was written while a clock was wrong, and would come true
  /// without anything being read.
  public void forgetAhead() {
    Instant latest = clock.instant().plus(AHEAD);
    if (readings().values().stream().anyMatch(through -> through.isAfter(latest))) {
      database.plainChange(
          "readings",
          c -> {
            int _ = Sql.update(c, "DELETE FROM log_reading WHERE through > ?", latest);
          });
    }
  }

  /// Through when each log was read that this was written of.
  public Map<String, Instant> readings() {
    return database.read(
        "readings",
        c ->
            Sql.all(
                    c,
                    row -> Map.entry(row.getString("log"), Sql.time(row, "through")),
                    "SELECT log, through FROM log_reading")
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /// The latest time by which an entry had to appear that nothing is known of yet; empty if none
  /// was due at `now`.
  public Optional<Instant> newestDue(Instant now) {
    return database.read(
        "expected entries",
        c ->
            Sql.first(
                c,
                row -> Sql.time(row, "due_at"),
                "SELECT due_at FROM expected_entry WHERE state = 'waiting' AND due_at <= ?"
                    + " ORDER BY due_at DESC LIMIT 1",
                now));
  }

  private static DueEntry due(ResultSet row) throws SQLException {
    return new DueEntry(
        row.getString("list"),
        row.getString("source"),
        new ExpectedEntry(row.getString("line"), row.getString("log"), Sql.time(row, "due_at")),
        Sql.time(row, "changed_at"),
        row.getString("uid"));
  }
}
