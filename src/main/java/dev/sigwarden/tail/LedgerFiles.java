package dev.sigwarden.tail;

import dev.sigwarden.alert.LedgerAlerts.Became;
import dev.sigwarden.alert.LedgerAlerts.KeyChange;
import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.ledger.ChunkName;
import dev.sigwarden.ledger.ChunkReader;
import dev.sigwarden.ledger.LedgerReplay;
import dev.sigwarden.ledger.LedgerTransaction;
import dev.sigwarden.ledger.MalformedLedgerException;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerEntry;
import dev.sigwarden.store.LedgerState;
import dev.sigwarden.store.StaleStateException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The files of a ledger, replayed from the first transaction and compared with what its service
/// says: whatever one of them has and the other has not is told, and an entry that the list hides
/// is judged from the files. A root that the files prove and a receipt has too proves that
/// receipt's tree.
///
/// The files come hours behind the service, so that only what both should have is compared. What
/// was replayed is kept in memory: a start replays the local copy again. Used by one thread.
final class LedgerFiles {
  private static final int BUFFER = 1 << 16;

  /// Roots that are compared with receipts at once.
  private static final int MAX_ROOTS = 10_000;

  /// Proven entries that are looked up at once.
  private static final int MAX_ENTRIES = 1_000;

  /// Entries that are held while the key that signs over them is believed by nobody.
  private static final int MAX_UNBELIEVED = 10_000;

  private final LedgerMirror mirror;
  private final LedgerBook book;
  private final LedgerJudge judge;
  private final LedgerReports reports;
  private final LedgerService service;
  private final Consumer<List<Filing>> told;
  private final BooleanSupplier stopping;

  private final Set<String> replayed = new HashSet<>();
  private final Set<String> doubted = new HashSet<>();

  private final HeldEntries found = new HeldEntries();
  private final TreeMap<Long, Hash> roots = new TreeMap<>();
  private LedgerReplay replay = new LedgerReplay(new Listener());
  private @Nullable LedgerTransaction current;

  /// Of places before this one nothing was ever asked, and nothing is held.
  private long first;

  private Optional<Proof> proof = Optional.empty();
  private Optional<Hash> firstKey = Optional.empty();
  private Optional<ChunkName> last = Optional.empty();
  private long compared;
  private boolean broken;

  /// The newest tree that the service signed.
  ///
  /// @param signed the transaction of the signature
  private record Proof(TxId signed, TreeHead head, CoseKey key) {}

  LedgerFiles(
      LedgerMirror mirror,
      LedgerBook book,
      LedgerJudge judge,
      LedgerReports reports,
      LedgerService service,
      Consumer<List<Filing>> told,
      TailTools tools) {
    this.mirror = mirror;
    this.book = book;
    this.judge = judge;
    this.reports = reports;
    this.service = service;
    this.told = told;
    this.stopping = tools.stopping();
  }

  /// Hears what the replay finds.
  private final class Listener implements LedgerReplay.Listener {
    @Override
    public void entry(TxId at, byte[] statement) {
      LedgerTransaction transaction = current;
      if (transaction != null && at.seqno() >= first) {
        found.add(HeldEntries.Held.of(at, transaction.leaf(), statement, book.entry(at.seqno())));
      }
    }

    @Override
    public void root(TxId at, TreeHead head, boolean byService) {
      if (byService) {
        roots.put(head.size(), head.root());
        replay
            .service()
            .ifPresent(key -> {
              proof = Optional.of(new Proof(at, head, key));
              firstKey = firstKey.or(() -> Optional.of(key.spkiSha256()));
            });
      }
    }
  }

  /// Looks once: downloads, replays and compares.
  ///
  /// @param listed whether the service keeps a list of entries
  void run(LedgerCommits commits, boolean listed)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    try {
      Optional<LedgerMirror.Changed> changed = mirror.look();
      if (changed.isPresent()) {
        file(changed.get().file(), changed.get().why(), commits);
      }
      first = book.state().orElseThrow().first();
      for (ChunkName name : mirror.here()) {
        if (broken || stopping.getAsBoolean()) {
          return;
        }
        if (found.ahead()) {
          break;
        }
        if (!replayed.contains(name.text()) && name.from() <= replay.transactions() + 1) {
          if (!one(name, commits, listed)) {
            return;
          }
        }
      }
      if (last.isPresent() && found.size() > 0) {
        compare(last.get(), commits, listed);
      }
      if (mirror.full().isPresent()) {
        throw new LogUnavailableException(mirror.full().get());
      }
      requireNoGap();
    } catch (IOException e) {
      throw new LogUnavailableException("the ledger's files: " + e, e);
    }
  }

  /// Finished files go on from each other: where one is missing, nothing behind it is proven.
  private void requireNoGap() throws IOException, LogUnavailableException {
    long next = replay.transactions() + 1;
    Optional<ChunkName> behind =
        mirror.here().stream().filter(name -> name.from() > next).findFirst();
    if (!found.ahead() && behind.isPresent()) {
      throw new LogUnavailableException(
          "the ledger's files: none has transaction %d (expected: one before %s)"
              .formatted(next, behind.get().text()));
    }
  }

  /// Replays one file; false if all has to begin anew.
  private boolean one(ChunkName name, LedgerCommits commits, boolean listed)
      throws IOException, StaleStateException {
    Optional<String> why = replay(name, commits, listed);
    if (why.isEmpty()) {
      replayed.add(name.text());
      last = Optional.of(name);
      endorsements();
      return true;
    }
    boolean first = doubted.add(name.text());
    if (first) {
      // A download may have been damaged: once more, from the beginning.
      mirror.drop(name);
    } else {
      file(name, why.get(), commits);
      broken = true;
    }
    replay = new LedgerReplay(new Listener());
    replayed.clear();
    found.clear();
    roots.clear();
    proof = Optional.empty();
    firstKey = Optional.empty();
    last = Optional.empty();
    return false;
  }

  /// Why a file does not go on from those before; empty if it does.
  private Optional<String> replay(ChunkName name, LedgerCommits commits, boolean listed)
      throws IOException, StaleStateException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(mirror.path(name)), BUFFER);
        EarlierTransactions earlier =
            new EarlierTransactions(
                mirror,
                mirror.here().stream().filter(it -> replayed.contains(it.text())).toList(),
                name.from())) {
      ChunkReader reader = new ChunkReader(in, Files.size(mirror.path(name)), LedgerReplay.TABLES);
      if (reader.unfinished()) {
        return Optional.of("is called committed and was not finished");
      }
      for (Optional<LedgerTransaction> next = reader.next();
          next.isPresent();
          next = reader.next()) {
        LedgerTransaction transaction = next.get();
        if (transaction.id().seqno() <= replay.transactions()) {
          Optional<String> other = earlier.differs(transaction);
          if (other.isPresent()) {
            return other;
          }
          continue;
        }
        current = transaction;
        Optional<String> wrong = replay.take(transaction);
        if (wrong.isPresent()) {
          return wrong;
        }
        if (found.due() || roots.size() >= MAX_ROOTS) {
          compare(name, commits, listed);
        }
        if (broken) {
          return Optional.empty();
        }
        Optional<String> tooMany = found.tooMany();
        if (tooMany.isPresent()) {
          return tooMany;
        }
      }
    } catch (MalformedLedgerException e) {
      return Optional.of(e.getMessage());
    }
    compare(name, commits, listed);
    return name.to().isPresent() && name.to().getAsLong() > replay.transactions()
        ? Optional.of("ends at %d".formatted(replay.transactions()))
        : Optional.empty();
  }

  /// Keys that the files show to go on from a believed one are believed.
  private void endorsements() {
    Optional<Hash> before = firstKey;
    for (LedgerReplay.KeyChange change : replay.keyChanges()) {
      if (change.endorses() && before.filter(service::believes).isPresent()) {
        service.endorsed(change.key());
      }
      before = Optional.of(change.key());
    }
  }

  /// Compares what is proven so far with what the service said.
  private void compare(ChunkName name, LedgerCommits commits, boolean listed)
      throws StaleStateException {
    found.compared();
    if (proof.isEmpty() || book.state().isEmpty()) {
      return;
    }
    Proof by = proof.get();
    endorsements();
    if (!service.believes(by.key().spkiSha256())) {
      // A recovered service says some transactions later whose successor it is.
      if (found.size() >= MAX_UNBELIEVED || roots.size() >= MAX_ROOTS) {
        String key = by.key().spkiSha256().toHex();
        commits.file(reports.keys(KeyChange.UNKNOWN, key, Optional.empty()));
        write(commits, 0);
        broken = true;
      }
      return;
    }
    LedgerState state = book.state().get();
    // What the service was not asked for yet cannot be missing there.
    long end = listed ? Math.min(by.head().size(), state.next()) : by.head().size();
    for (HeldEntries.Held one : found.before(end)) {
      compare(one, name, by, commits, listed);
    }
    absent(name, Math.max(compared, state.first()), Math.min(end, state.next()), commits);
    roots(name, commits);
    found.drop(end);
    compared = Math.max(compared, end);
    write(commits, listed ? 0 : end);
  }

  private void compare(
      HeldEntries.Held one, ChunkName name, Proof by, LedgerCommits commits, boolean listed) {
    Optional<LedgerEntry> known = one.known().or(() -> book.entry(one.id().seqno()));
    if (known.isPresent()) {
      if (!known.get().claims().equals(one.claims()) || !known.get().id().equals(one.id())) {
        String why =
            "file %s has transaction %s with digest %s (proven before: %s with %s)"
                .formatted(
                    name.text(), one.id(), one.claims(), known.get().id(), known.get().claims());
        commits.file(
            reports.became(Became.CHANGED, one.id().toString(), one.id().seqno(), why, List.of()));
      }
      return;
    }
    Cbor.Bytes statement = one.statement().orElseThrow();
    boolean owed = book.owes(one.id().seqno());
    if (listed && !owed) {
      String why =
          "file %s has transaction %s, which the list leaves out".formatted(name.text(), one.id());
      commits.file(
          reports.became(Became.HIDDEN, one.id().toString(), one.id().seqno(), why, List.of()));
    }
    LedgerJudge.Judged judged =
        judge.judge(one.id(), statement.toBytes(), one.leaf(), Optional.empty());
    commits.add(
        new CheckedEntry.Filed(
            one.id(),
            statement,
            new LedgerEntry(one.id(), one.claims(), by.signed(), by.head().root()),
            one.leaf(),
            by.key().spkiSha256(),
            name.text(),
            judged.judgements(),
            judged.refused()));
  }

  /// Tells of entries at places `[from, to)` that the service proved and the files do not have.
  private void absent(ChunkName name, long from, long to, LedgerCommits commits) {
    for (long next = from; next < to; ) {
      List<LedgerEntry> proven = book.entries(next, to - 1, MAX_ENTRIES);
      for (LedgerEntry entry : proven) {
        if (!found.has(entry.id().seqno())) {
          String why =
              "file %s has no entry at transaction %s, which a receipt proves"
                  .formatted(name.text(), entry.id());
          commits.file(
              reports.became(
                  Became.ABSENT, entry.id().toString(), entry.id().seqno(), why, List.of()));
        }
      }
      next = proven.size() < MAX_ENTRIES ? to : proven.getLast().id().seqno() + 1;
    }
  }

  /// Compares the roots of the files with those of receipts.
  private void roots(ChunkName name, LedgerCommits commits) {
    if (roots.isEmpty()) {
      return;
    }
    for (LedgerEntry entry : book.signed(roots.firstKey(), roots.lastKey(), MAX_ROOTS)) {
      Hash root = roots.get(entry.signed().seqno());
      if (root != null && !root.equals(entry.root())) {
        commits.file(
            reports.forkOfFiles(
                entry, root, commits.heads().of(entry.signed().seqno()), name.text()));
      }
    }
    List<Long> proven =
        commits.heads().unproven(roots.lastKey()).stream()
            .filter(size ->
                commits
                    .heads()
                    .of(size)
                    .filter(head ->
                        Optional.of(head.root()).equals(Optional.ofNullable(roots.get(size))))
                    .isPresent())
            .toList();
    proven.forEach(commits.heads()::prove);
    if (!proven.isEmpty()) {
      book.proven(proven);
    }
    roots.clear();
  }

  private void file(ChunkName name, String why, LedgerCommits commits) throws StaleStateException {
    commits.file(
        reports.became(Became.FILE, name.text(), name.from(), name.text() + ": " + why, List.of()));
    write(commits, 0);
  }

  /// @param to how far the files alone were read; 0 if the service's list leads
  private void write(LedgerCommits commits, long to) throws StaleStateException {
    long place = book.state().orElseThrow().next();
    if (!commits.isEmpty() || to > place) {
      told.accept(commits.write(place, Math.max(place, to)));
    }
  }
}
