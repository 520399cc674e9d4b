package dev.sigwarden.store;

import dev.sigwarden.alert.FindingId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// ScanBook and their pieces, which all processes share. Thread-safe; every method throws
/// `StoreException` if the database fails.
///
/// Who has a piece says only where work is not done twice for nothing: what keeps two who believe
/// that they have it from both writing is the number of the taking, which each commit names.
public final class ScanBook {
  /// ScanBook that run at a time: more share the same hosts and only wait for each other.
  public static final int MOST_RUNNING = 16;

  /// ScanBook that are kept; of more the oldest are forgotten that ended.
  public static final int MOST_KEPT = 1_000;

  /// Findings that pieces of one scan file on a log that serves what it did not sign: each is
  /// paged, and all of a scan's pieces may have the same cause. The scan itself names every piece.
  static final int MOST_LIES = 8;

  private final Database database;
  private final Clock clock;

  ScanBook(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// A part of a log, `[from, to)`.
  public record Range(long from, long to) {}

  /// A scan to make.
  ///
  /// @param log the operator's name of the log
  /// @param identity what that log is, whatever it is called
  /// @param pieces what it is cut into, in order, each beginning where the one before ends; at
  ///   least one
  /// @param head what all of it is proven against
  /// @param watches names of those that judge; empty for all
  public record Draft(
      String log, String identity, List<Range> pieces, SeenHead head, List<String> watches) {
    public Draft {
      pieces = List.copyOf(pieces);
      watches = List.copyOf(watches);
    }
  }

  /// Makes a scan.
  ///
  /// @return empty if there are too many that run
  public Optional<Scan> create(Draft draft, Deed deed) {
    return database.update(
        "scan of " + draft.log(),
        c -> {
          if (ScanRows.running(c).size() >= MOST_RUNNING) {
            return Optional.<Scan>empty();
          }
          ScanRows.forget(c);
          Instant now = clock.instant();
          long number = Audit.next(c, "scan");
          String id = FindingId.scan(draft.log(), Long.toString(number), now.toString());
          ScanRows.add(c, id, draft, deed, now);
          for (Range piece : draft.pieces()) {
            Pieces.add(c, id, piece.from(), piece.to());
          }
          Audit.add(c, deed.about(id), now);
          return ScanRows.find(c, id);
        });
  }

  /// ScanBook that run, the oldest first.
  public List<Scan> running() {
    return database.read("running scans", ScanRows::running);
  }

  /// ScanBook, the newest first, at most `limit`.
  public List<Scan> list(int limit) {
    return database.read("scans", c -> ScanRows.newest(c, limit));
  }

  /// The scan of that id.
  public Optional<Scan> find(String id) {
    return database.read("scan " + id, c -> ScanRows.find(c, id));
  }

  /// How far a scan is.
  public ScanProgress progress(String id) {
    return database.read("progress of scan " + id, c -> ScanRows.progress(c, id, clock.instant()));
  }

  /// Whether pieces of a scan are neither done nor given up.
  public boolean anyOpen(String id) {
    return database.read("pieces of scan " + id, c -> Pieces.anyOpen(c, id));
  }

  /// Pieces of a scan in their order, from the index `from` on, at most `limit`.
  public List<ScanPiece> pieces(String id, long from, int limit) {
    return database.read("pieces of scan " + id, c -> Pieces.list(c, id, from, limit));
  }

  /// The first pieces of a scan that were given up, at most `limit`.
  public List<ScanPiece> failed(String id, int limit) {
    return database.read("pieces of scan " + id, c -> Pieces.given(c, id, limit));
  }

  /// What a scan found behind the finding `after`, by id, at most `limit`.
  public List<ScanFinding> findings(String id, String after, int limit) {
    return database.read(
        "findings of scan " + id,
        c ->
            Sql.all(
                c,
                row ->
                    new ScanFinding(
                        row.getString("uid"), row.getLong("idx"), row.getInt("known") == 1),
                "SELECT uid, idx, known FROM scan_finding WHERE scan = ? AND uid > ?"
                    + " ORDER BY uid LIMIT ?",
                id,
                after,
                limit));
  }

  /// Takes the first piece of a scan that nobody has and that is due, for `lease` from now on.
  public Optional<ScanPiece> take(String id, String owner, Duration lease) {
    String doing = "piece of scan " + id;
    // Asked each second while others have what is left: mostly there is nothing to write.
    if (database.read(doing, c -> Pieces.free(c, id, clock.instant())).isEmpty()) {
      return Optional.empty();
    }
    return database.update(
        doing,
        c -> {
          Instant now = clock.instant();
          Optional<ScanPiece> free = Pieces.free(c, id, now);
          if (free.isEmpty() || !Pieces.take(c, free.get(), owner, now, now.plus(lease))) {
            return Optional.<ScanPiece>empty();
          }
          return Pieces.list(c, id, free.get().from(), 1).stream().findFirst();
        });
  }

  /// Keeps pieces that a process has for `lease` from now on.
  ///
  /// @return those of them that it has still, of scans that still run
  public Set<ScanPiece.Hold> keep(String owner, Set<ScanPiece.Hold> holds, Duration lease) {
    return database.update(
        "pieces of " + owner,
        c -> {
          Instant now = clock.instant();
          return Pieces.keep(c, owner, holds, now, now.plus(lease));
        });
  }

  /// Writes what a part of a piece gave. An observation that is known and was expected gets the
  /// verdict of now, all else that is known stays as it is.
  ///
  /// @throws StaleStateException if the piece is not whose it was, or the scan has ended
  public void commit(ScanCommit commit) throws StaleStateException {
    database.change(
        "commit of a piece of " + commit.hold().scan(),
        c -> {
          Instant now = clock.instant();
          if (!Pieces.advance(c, commit, now)) {
            throw new StaleStateException(
                "piece [%d, …) of scan %s is not ours any more"
                    .formatted(commit.hold().from(), commit.hold().scan()));
          }
          Coverage.extend(
              c,
              logOf(c, commit.hold().scan()),
              commit.watchSet(),
              commit.known(),
              commit.next().head().size(),
              now);
          Observations.addAgain(c, commit.observations(), now);
          for (Filing filing : commit.filings()) {
            found(c, commit.hold().scan(), filing);
          }
          Findings.file(c, commit.filings(), now);
          for (Untold untold : commit.untold()) {
            Untolds.add(c, untold);
          }
        });
  }

  private static String logOf(Connection c, String scan) throws SQLException {
    return Sql.first(c, row -> row.getString(1), "SELECT log FROM scan WHERE id = ?", scan)
        .orElseThrow(() -> new SQLException("scan " + scan + " is gone"));
  }

  /// Notes a finding before it is filed; one that the scan met twice is noted once.
  private static void found(Connection c, String scan, Filing filing) throws SQLException {
    String uid = filing.finding().alert().uid();
    Sql.update(
        c,
        "INSERT INTO scan_finding (scan, uid, idx, known)"
            + " SELECT ?, ?, ?, CASE WHEN EXISTS (SELECT 1 FROM finding WHERE uid = ?)"
            + " THEN 1 ELSE 0 END WHERE TRUE ON CONFLICT (scan, uid) DO NOTHING",
        scan,
        uid,
        filing.finding().index(),
        uid);
  }

  /// Begins a piece anew, since the watches are other ones now.
  ///
  /// @throws StaleStateException if it is not whose it was
  public void restart(ScanPiece piece, String revision) throws StaleStateException {
    database.change(
        "piece of scan " + piece.scan(),
        c -> {
          if (!Pieces.restart(c, piece.hold(), revision)) {
            throw new StaleStateException("piece of scan %s is not ours".formatted(piece.scan()));
          }
        });
  }

  /// Gives a piece back, with what was written of it; does nothing if it is another's.
  public void giveBack(ScanPiece piece) {
    database.plainChange(
        "piece of scan " + piece.scan(), c -> Pieces.giveBack(c, piece.hold(), Instant.EPOCH));
  }

  /// Gives a piece back that could not be judged now, to be tried again at `at`; does nothing if it
  /// is another's.
  public void retry(ScanPiece piece, ScanPiece.Cause cause, String why, Instant at) {
    database.plainChange(
        "piece of scan " + piece.scan(),
        c -> {
          boolean _ = Pieces.trouble(c, piece.hold(), cause, why, Optional.of(at));
        });
  }

  /// Gives a piece up; does nothing of that if it is another's, or its scan was ended.
  ///
  /// @param filings findings that tell of it; not filed after many of the same scan. What a log was
  ///   seen to do is told whoever has the piece by then: another may be served something else
  public void giveUp(ScanPiece piece, ScanPiece.Cause cause, String why, List<Filing> filings) {
    database.plainChange(
        "piece of scan " + piece.scan(),
        c -> {
          Instant now = clock.instant();
          boolean few = Pieces.failed(c, piece.scan(), cause) < MOST_LIES;
          if (Pieces.trouble(c, piece.hold(), cause, why, Optional.empty())) {
            Pieces.giveUp(c, piece.hold(), now);
          }
          for (Filing filing : few ? filings : List.<Filing>of()) {
            found(c, piece.scan(), filing);
          }
          Findings.file(c, few ? filings : List.of(), now);
        });
  }

  /// Gives back all pieces of all processes: for a process that shares the database with no other,
  /// and starts.
  public void releaseAll() {
    database.plainChange(
        "pieces of scans",
        c -> {
          int _ = Sql.update(c, "UPDATE scan_piece SET held_until = 0 WHERE held_until > 0");
        });
  }

  /// Gives back all pieces of a process.
  public void release(String owner) {
    database.plainChange("pieces of " + owner, c -> Pieces.release(c, owner));
  }

  /// Ends a scan that runs; false if it does not.
  public boolean end(String id, Scan.State state, String why) {
    return database.update("scan " + id, c -> ScanRows.end(c, id, state, why, clock.instant()));
  }

  /// Cancels a scan that runs: nothing more is judged for it once this returns; only that the log
  /// misbehaved may still be told by whoever met that. False if it does not run.
  public boolean cancel(String id, Deed deed) {
    return database.update(
        "scan " + id,
        c -> {
          Instant now = clock.instant();
          boolean ended = ScanRows.end(c, id, Scan.State.CANCELLED, "", now);
          if (ended) {
            Audit.add(c, deed, now);
          }
          return ended;
        });
  }

  /// Lets a scan go on that failed or was cancelled: pieces that were given up are tried again.
  /// False if it did neither, or too many run.
  public boolean resume(String id, Deed deed) {
    return database.update(
        "scan " + id,
        c -> {
          Instant now = clock.instant();
          boolean resumed =
              ScanRows.running(c).size() < MOST_RUNNING
                  && Sql.update(
                          c,
                          "UPDATE scan SET state = 'running', ended_at = NULL, why = ''"
                              + " WHERE id = ? AND state IN ('failed', 'cancelled')",
                          id)
                      > 0;
          if (resumed) {
            Pieces.reopen(c, id);
            Audit.add(c, deed, now);
          }
          return resumed;
        });
  }
}
