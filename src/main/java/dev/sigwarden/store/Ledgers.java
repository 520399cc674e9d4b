package dev.sigwarden.store;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Ledgers, their entries, receipts and what they owe.
final class Ledgers {
  private static final String ENTRY = "seqno, view, claims, signed_view, signed_size, root";

  private Ledgers() {}

  static Optional<LedgerState> state(Connection c, String log) throws SQLException {
    return Sql.first(
        c,
        row ->
            new LedgerState(
                row.getLong("first_seqno"),
                row.getLong("next_seqno"),
                row.getLong("view"),
                row.getString("kids").lines().toList(),
                row.getString("accepted").lines().toList(),
                row.getString("policy"),
                row.getLong("again")),
        "SELECT first_seqno, next_seqno, view, kids, accepted, policy, again FROM ledger"
            + " WHERE log = ?",
        log);
  }

  static void insert(Connection c, String log, LedgerState state) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO ledger (log, first_seqno, next_seqno, view, kids, accepted, policy, again)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        log,
        state.first(),
        state.next(),
        state.view(),
        String.join("\n", state.kids()),
        String.join("\n", state.accepted()),
        state.policy(),
        state.again());
  }

  static void update(Connection c, String log, LedgerState state) throws SQLException {
    Sql.update(
        c,
        "UPDATE ledger SET view = ?, kids = ?, accepted = ?, policy = ?, again = ? WHERE log = ?",
        state.view(),
        String.join("\n", state.kids()),
        String.join("\n", state.accepted()),
        state.policy(),
        state.again(),
        log);
  }

  static void advance(Connection c, String log, LedgerCommit commit)
      throws SQLException, StaleStateException {
    int written =
        Sql.update(
            c,
            "UPDATE ledger SET next_seqno = ?, view = CASE WHEN view > ? THEN view ELSE ? END"
                + " WHERE log = ? AND next_seqno = ?",
            commit.next(),
            commit.view(),
            commit.view(),
            log,
            commit.known());
    if (written == 0) {
      throw new StaleStateException(
          "ledger %s: not at place %d any more".formatted(log, commit.known()));
    }
  }

  static void add(Connection c, String log, LedgerCommit commit, Instant now) throws SQLException {
    for (LedgerEntry entry : commit.entries()) {
      add(c, log, entry);
    }
    for (LedgerReceipt receipt : commit.receipts()) {
      keep(c, log, receipt);
    }
    if (!commit.receipts().isEmpty()) {
      thin(c, log);
    }
    for (OwedEntry owed : commit.owed()) {
      owe(c, log, owed, now);
    }
    for (LedgerCommit.Version version : commit.versions()) {
      raise(c, log, version);
    }
  }

  private static void add(Connection c, String log, LedgerEntry entry) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO ledger_entry (log, "
            + ENTRY
            + ") VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (log, seqno) DO NOTHING",
        log,
        entry.id().seqno(),
        entry.id().view(),
        entry.claims(),
        entry.signed().view(),
        entry.signed().seqno(),
        entry.root());
    Sql.update(c, "DELETE FROM ledger_owed WHERE log = ? AND seqno = ?", log, entry.id().seqno());
  }

  private static void keep(Connection c, String log, LedgerReceipt receipt) throws SQLException {
    int written =
        Sql.update(
            c,
            "INSERT INTO ledger_receipt (log, size, view, root, receipt, seen, issued, proven)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (log, size) DO NOTHING",
            log,
            receipt.signed().seqno(),
            receipt.signed().view(),
            receipt.root(),
            receipt.receipt().toBytes(),
            receipt.seen(),
            receipt.issued().orElse(null),
            receipt.proven() ? 1 : 0);
    if (written > 0) {
      Sql.update(
          c,
          "UPDATE log_view SET head_size = ?, head_root = ?, head_note = ?, head_seen = ?"
              + " WHERE log = ? AND branch = 0 AND head_size < ?",
          receipt.signed().seqno(),
          receipt.root(),
          receipt.signed().toString(),
          receipt.seen(),
          log,
          receipt.signed().seqno());
    } else if (receipt.proven()) {
      proven(c, log, receipt.signed().seqno());
    }
  }

  static void proven(Connection c, String log, long size) throws SQLException {
    Sql.update(c, "UPDATE ledger_receipt SET proven = 1 WHERE log = ? AND size = ?", log, size);
  }

  /// Drops every second receipt of the older half if there are too many, the first one never.
  private static void thin(Connection c, String log) throws SQLException {
    long count =
        Sql.all(c, row -> row.getLong(1), "SELECT count(*) FROM ledger_receipt WHERE log = ?", log)
            .getFirst();
    if (count > LedgerBook.MAX_RECEIPTS) {
      Sql.update(
          c,
          "DELETE FROM ledger_receipt WHERE log = ? AND size IN ("
              + "SELECT size FROM (SELECT size, row_number() OVER (ORDER BY size) AS place"
              + " FROM ledger_receipt WHERE log = ?) AS placed"
              + " WHERE place <= ? AND place % 2 = 0)",
          log,
          log,
          count / 2);
    }
  }

  private static void owe(Connection c, String log, OwedEntry owed, Instant now)
      throws SQLException {
    Sql.update(
        c,
        "INSERT INTO ledger_owed (log, seqno, view, since, asked, why) VALUES (?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (log, seqno) DO UPDATE SET asked = excluded.asked, why = excluded.why",
        log,
        owed.id().seqno(),
        owed.id().view(),
        owed.since(),
        now,
        owed.why());
  }

  private static void raise(Connection c, String log, LedgerCommit.Version version)
      throws SQLException {
    Sql.update(
        c,
        "INSERT INTO ledger_version (log, subject, version, seqno) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (log, subject) DO UPDATE SET version = excluded.version,"
            + " seqno = excluded.seqno WHERE ledger_version.version < excluded.version",
        log,
        version.subject(),
        version.version(),
        version.seqno());
  }

  static List<LedgerEntry> entries(Connection c, String log, long from, long to, int limit)
      throws SQLException {
    return Sql.all(
        c,
        Ledgers::entry,
        "SELECT "
            + ENTRY
            + " FROM ledger_entry WHERE log = ? AND seqno >= ? AND seqno <= ?"
            + " ORDER BY seqno LIMIT ?",
        log,
        from,
        to,
        limit);
  }

  static Optional<LedgerEntry> before(Connection c, String log, long seqno) throws SQLException {
    return Sql.first(
        c,
        Ledgers::entry,
        "SELECT "
            + ENTRY
            + " FROM ledger_entry WHERE log = ? AND seqno < ? ORDER BY seqno DESC LIMIT 1",
        log,
        seqno);
  }

  static List<LedgerEntry> signed(Connection c, String log, long from, long to, int limit)
      throws SQLException {
    return Sql.all(
        c,
        Ledgers::entry,
        "SELECT "
            + ENTRY
            + " FROM ledger_entry WHERE log = ? AND signed_size >= ? AND signed_size <= ?"
            + " ORDER BY signed_size, seqno LIMIT ?",
        log,
        from,
        to,
        limit);
  }

  private static LedgerEntry entry(ResultSet row) throws SQLException {
    return new LedgerEntry(
        new TxId(row.getLong("view"), row.getLong("seqno")),
        Sql.hash(row, "claims"),
        new TxId(row.getLong("signed_view"), row.getLong("signed_size")),
        Sql.hash(row, "root"));
  }

  static List<LedgerReceipt> receipts(Connection c, String log) throws SQLException {
    return Sql.all(
        c,
        row ->
            new LedgerReceipt(
                new TxId(row.getLong("view"), row.getLong("size")),
                Sql.hash(row, "root"),
                Cbor.Bytes.of(bytes(row, "receipt")),
                Sql.time(row, "seen"),
                Sql.optionalTime(row, "issued"),
                row.getInt("proven") == 1),
        "SELECT size, view, root, receipt, seen, issued, proven FROM ledger_receipt WHERE log = ?"
            + " ORDER BY size",
        log);
  }

  private static byte[] bytes(ResultSet row, String column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }

  static List<OwedEntry> owed(Connection c, String log, int limit) throws SQLException {
    return Sql.all(
        c,
        row ->
            new OwedEntry(
                new TxId(row.getLong("view"), row.getLong("seqno")),
                Sql.time(row, "since"),
                row.getString("why")),
        "SELECT seqno, view, since, why FROM ledger_owed WHERE log = ? ORDER BY asked, seqno LIMIT ?",
        log,
        limit);
  }

  static boolean owes(Connection c, String log, long seqno) throws SQLException {
    return Sql.first(
            c, _ -> true, "SELECT 1 FROM ledger_owed WHERE log = ? AND seqno = ?", log, seqno)
        .isPresent();
  }

  static long owedCount(Connection c, String log) throws SQLException {
    return Sql.all(c, row -> row.getLong(1), "SELECT count(*) FROM ledger_owed WHERE log = ?", log)
        .getFirst();
  }

  static Optional<LedgerCommit.Version> version(Connection c, String log, Hash subject)
      throws SQLException {
    return Sql.first(
        c,
        row -> new LedgerCommit.Version(subject, row.getLong("version"), row.getLong("seqno")),
        "SELECT version, seqno FROM ledger_version WHERE log = ? AND subject = ?",
        log,
        subject);
  }
}
