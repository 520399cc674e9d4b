package dev.sigwarden.store;

import dev.sigwarden.merkle.Hash;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Pieces of scans: who has them, and how far they are.
final class Pieces {
  private static final String COLUMNS =
      "SELECT scan, first_idx, end_idx, at_idx, frontier, hashes, state, owner, fence, attempts,"
          + " cause, why, revision, selected, ended_at FROM scan_piece";

  /// Of a statement on an open piece: that its scan runs.
  private static final String RUNNING =
      " AND EXISTS (SELECT 1 FROM scan WHERE scan.id = scan_piece.scan AND scan.state = 'running')";

  private static final String HELD = " WHERE scan = ? AND first_idx = ? AND fence = ?";

  private Pieces() {}

  static void add(Connection c, String scan, long from, long to) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO scan_piece (scan, first_idx, end_idx, at_idx, frontier, hashes, state, owner,"
            + " fence, held_until, due_at, attempts, cause, why, revision, selected, untold)"
            + " VALUES (?, ?, ?, ?, ?, ?, 'open', '', 0, 0, 0, 0, '', '', '', 0, 0)",
        scan,
        from,
        to,
        from,
        new byte[0],
        new byte[0]);
  }

  /// The first piece of a scan that nobody has and that is due.
  static Optional<ScanPiece> free(Connection c, String scan, Instant now) throws SQLException {
    return Sql.first(
        c,
        Pieces::piece,
        COLUMNS
            + " WHERE scan = ? AND state = 'open' AND held_until <= ? AND due_at <= ?"
            + RUNNING
            + " ORDER BY first_idx LIMIT 1",
        scan,
        now,
        now);
  }

  /// Takes a piece that is free; false if somebody else did.
  static boolean take(Connection c, ScanPiece free, String owner, Instant now, Instant until)
      throws SQLException {
    return Sql.update(
            c,
            "UPDATE scan_piece SET owner = ?, fence = fence + 1, held_until = ?,"
                + " started_at = COALESCE(started_at, ?)"
                + HELD
                + " AND state = 'open'"
                + RUNNING,
            owner,
            until,
            now,
            free.scan(),
            free.from(),
            free.fence())
        > 0;
  }

  /// Keeps those of the pieces that the process still has and whose scans run; returns which those
  /// are. One that it was never told of, since the connection was lost, is soon anybody's.
  static Set<ScanPiece.Hold> keep(
      Connection c, String owner, Set<ScanPiece.Hold> holds, Instant now, Instant until)
      throws SQLException {
    Set<ScanPiece.Hold> kept = new HashSet<>();
    for (ScanPiece.Hold hold : holds) {
      int written =
          Sql.update(
              c,
              "UPDATE scan_piece SET held_until = ?"
                  + HELD
                  + " AND owner = ? AND state = 'open' AND held_until > ?"
                  + RUNNING,
              until,
              hold.scan(),
              hold.from(),
              hold.fence(),
              owner,
              now);
      if (written > 0) {
        kept.add(hold);
      }
    }
    return kept;
  }

  /// Writes how far a piece is now; false if it is another's, or was written by another meanwhile,
  /// or its scan was ended.
  static boolean advance(Connection c, ScanCommit commit, Instant now) throws SQLException {
    return Sql.update(
            c,
            "UPDATE scan_piece SET at_idx = ?, frontier = ?, hashes = ?, revision = ?,"
                + " selected = selected + ?, untold = untold + ?, attempts = 0, cause = '',"
                + " why = '', state = ?, ended_at = ?"
                + HELD
                + " AND at_idx = ? AND state = 'open'"
                + RUNNING,
            commit.next().head().size(),
            Sql.joined(commit.next().range()),
            Sql.joined(commit.hashes()),
            commit.revision(),
            commit.observations().size(),
            commit.untold().size(),
            (commit.done() ? ScanPiece.State.DONE : ScanPiece.State.OPEN).label(),
            commit.done() ? now : null,
            commit.hold().scan(),
            commit.hold().from(),
            commit.hold().fence(),
            commit.known())
        > 0;
  }

  /// Begins a piece anew, for other watches; false if it is another's.
  static boolean restart(Connection c, ScanPiece.Hold hold, String revision) throws SQLException {
    return Sql.update(
            c,
            "UPDATE scan_piece SET at_idx = first_idx, frontier = ?, hashes = ?, revision = ?,"
                + " selected = 0, untold = 0"
                + HELD
                + " AND state = 'open'",
            new byte[0],
            new byte[0],
            revision,
            hold.scan(),
            hold.from(),
            hold.fence())
        > 0;
  }

  /// Gives a piece back, to be taken from `due` on.
  static void giveBack(Connection c, ScanPiece.Hold hold, Instant due) throws SQLException {
    Sql.update(
        c,
        "UPDATE scan_piece SET held_until = 0, due_at = ?" + HELD + " AND state = 'open'",
        due,
        hold.scan(),
        hold.from(),
        hold.fence());
  }

  /// Writes what kept a piece from being judged; false if it is another's.
  static boolean trouble(
      Connection c, ScanPiece.Hold hold, ScanPiece.Cause cause, String why, Optional<Instant> again)
      throws SQLException {
    return Sql.update(
            c,
            "UPDATE scan_piece SET attempts = attempts + 1, cause = ?, why = ?, held_until = 0,"
                + " due_at = ?"
                + HELD
                + " AND state = 'open'"
                + RUNNING,
            cause.label(),
            why,
            again.orElse(Instant.EPOCH),
            hold.scan(),
            hold.from(),
            hold.fence())
        > 0;
  }

  static void giveUp(Connection c, ScanPiece.Hold hold, Instant now) throws SQLException {
    Sql.update(
        c,
        "UPDATE scan_piece SET state = 'failed', ended_at = ?" + HELD,
        now,
        hold.scan(),
        hold.from(),
        hold.fence());
  }

  /// How many pieces of a scan were given up for that cause.
  static long failed(Connection c, String scan, ScanPiece.Cause cause) throws SQLException {
    return Sql.first(
            c,
            row -> row.getLong(1),
            "SELECT count(*) FROM scan_piece WHERE scan = ? AND state = 'failed' AND cause = ?",
            scan,
            cause.label())
        .orElse(0L);
  }

  /// Gives back all that a process has.
  static void release(Connection c, String owner) throws SQLException {
    Sql.update(
        c,
        "UPDATE scan_piece SET held_until = 0 WHERE owner = ? AND state = 'open' AND held_until > 0",
        owner);
  }

  /// Opens what was given up, and what nobody finished.
  static void reopen(Connection c, String scan) throws SQLException {
    Sql.update(
        c,
        "UPDATE scan_piece SET state = 'open', held_until = 0, due_at = 0, attempts = 0,"
            + " ended_at = NULL WHERE scan = ? AND state <> 'done'",
        scan);
  }

  static boolean anyOpen(Connection c, String scan) throws SQLException {
    return Sql.first(
            c,
            row -> true,
            "SELECT 1 FROM scan_piece WHERE scan = ? AND state = 'open' LIMIT 1",
            scan)
        .isPresent();
  }

  /// Pieces in their order, from the index `from` on.
  static List<ScanPiece> list(Connection c, String scan, long from, int limit) throws SQLException {
    return Sql.all(
        c,
        Pieces::piece,
        COLUMNS + " WHERE scan = ? AND first_idx >= ? ORDER BY first_idx LIMIT ?",
        scan,
        from,
        limit);
  }

  /// The first pieces that were given up.
  static List<ScanPiece> given(Connection c, String scan, int limit) throws SQLException {
    return Sql.all(
        c,
        Pieces::piece,
        COLUMNS + " WHERE scan = ? AND state = 'failed' ORDER BY first_idx LIMIT ?",
        scan,
        limit);
  }

  private static ScanPiece piece(ResultSet row) throws SQLException {
    List<Hash> frontier = Sql.hashes(row, "frontier");
    return new ScanPiece(
        row.getString("scan"),
        row.getLong("first_idx"),
        row.getLong("end_idx"),
        row.getLong("at_idx"),
        frontier,
        Sql.hashes(row, "hashes"),
        ScanPiece.State.of(row.getString("state")),
        row.getString("owner"),
        row.getLong("fence"),
        row.getInt("attempts"),
        ScanPiece.Cause.of(row.getString("cause")),
        row.getString("why"),
        row.getString("revision"),
        row.getLong("selected"),
        Sql.optionalTime(row, "ended_at"));
  }
}
