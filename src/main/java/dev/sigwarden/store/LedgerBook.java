package dev.sigwarden.store;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// What the database holds of one ledger. Thread-safe, as the store.
public final class LedgerBook {
  /// Receipts kept of one ledger: the older half is thinned out when there are more.
  public static final int MAX_RECEIPTS = 2_048;

  private final String log;
  private final Database database;
  private final Clock clock;

  LedgerBook(String log, Database database, Clock clock) {
    this.log = log;
    this.database = database;
    this.clock = clock;
  }

  /// The ledger as it was left; empty before `begin`.
  public Optional<LedgerState> state() {
    return read("state", c -> Ledgers.state(c, log));
  }

  /// Writes a ledger that was never met.
  ///
  /// @param identity what it is, whatever it is called
  /// @throws StaleStateException if it was begun meanwhile
  /// @throws StoreException if the name belongs to another log
  public void begin(String identity, LedgerState first) throws StaleStateException {
    var _ =
        database.write(
            doing("begin"),
            c -> {
              TreeHead none = CompactRange.empty().head();
              SeenHead head = new SeenHead(none, "", clock.instant());
              View view = new View(0, head, Position.of(CompactRange.empty()));
              Views.begin(c, log, identity, view, clock.instant());
              Ledgers.insert(c, log, first);
              return true;
            });
  }

  /// Replaces what is known of the ledger as a whole, but for how far it was read, together with
  /// the findings that tell of it.
  public void update(LedgerState state, List<Filing> filings) {
    change(
        "state",
        c -> {
          Ledgers.update(c, log, state);
          Findings.file(c, filings, clock.instant());
        });
  }

  /// Writes judged entries: place, entries, receipts, observations, findings, evidence and outbox,
  /// in one transaction.
  ///
  /// @throws StaleStateException if the place is not `commit.known()` any more
  public void commit(LedgerCommit commit) throws StaleStateException {
    var _ =
        database.write(
            doing("commit"),
            c -> {
              Ledgers.advance(c, log, commit);
              Coverage.extend(c, log, commit, clock.instant());
              Ledgers.add(c, log, commit, clock.instant());
              Observations.add(c, commit.observations(), clock.instant());
              Findings.file(c, commit.filings(), clock.instant());
              for (Untold untold : commit.untold()) {
                Untolds.add(c, untold);
              }
              return true;
            });
  }

  /// The entry at a place, if one was proven there.
  public Optional<LedgerEntry> entry(long seqno) {
    return entries(seqno, seqno, 1).stream().findFirst();
  }

  /// Proven entries at places `[from, to]`, in order, at most `limit`.
  public List<LedgerEntry> entries(long from, long to, int limit) {
    return read("entries", c -> Ledgers.entries(c, log, from, to, limit));
  }

  /// The last proven entry before a place.
  public Optional<LedgerEntry> before(long seqno) {
    return read("entry", c -> Ledgers.before(c, log, seqno));
  }

  /// Entries whose receipts are of trees of sizes `[from, to]`, by size, at most `limit`.
  public List<LedgerEntry> signed(long from, long to, int limit) {
    return read("entries", c -> Ledgers.signed(c, log, from, to, limit));
  }

  /// The receipts that are kept, the smallest tree first.
  public List<LedgerReceipt> receipts() {
    return read("receipts", c -> Ledgers.receipts(c, log));
  }

  /// Notes that the trees of these sizes are proven to be prefixes of later ones.
  public void proven(List<Long> sizes) {
    change(
        "receipts",
        c -> {
          for (long size : sizes) {
            Ledgers.proven(c, log, size);
          }
        });
  }

  /// Entries that are owed, the one first that was not asked for for the longest time, at most
  /// `limit`.
  public List<OwedEntry> owed(int limit) {
    return read("owed entries", c -> Ledgers.owed(c, log, limit));
  }

  /// Whether the entry at a place is owed.
  public boolean owes(long seqno) {
    return read("owed entries", c -> Ledgers.owes(c, log, seqno));
  }

  /// How many entries are owed.
  public long owedCount() {
    return read("owed entries", c -> Ledgers.owedCount(c, log));
  }

  /// The highest security version of a subject so far.
  public Optional<LedgerCommit.Version> version(Hash subject) {
    return read("version", c -> Ledgers.version(c, log, subject));
  }

  private <T> T read(String what, Database.PlainWork<T> work) {
    return database.read(doing(what), work);
  }

  @FunctionalInterface
  private interface Change {
    void run(Connection connection) throws SQLException;
  }

  private void change(String what, Change change) {
    var _ =
        database.update(
            doing(what),
            c -> {
              change.run(c);
              return true;
            });
  }

  private String doing(String what) {
    return what + " of ledger " + log;
  }
}
