package dev.sigwarden.tail;

import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerState;
import dev.sigwarden.store.OwedEntry;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One ledger, one turn at a time: look at the service's keys, policy and newest transaction, read
/// the list of entries behind the place that was reached, prove each by its receipt, judge it, and
/// write some of them down at a time, in one transaction with the place. Then look at the past
/// again.
///
/// A receipt proves its entry alone, so that one which cannot be proven holds up no other: it is
/// written down as owed, told, and asked for again. Only a receipt of a key that nobody vouches for
/// stops the reading: a person has to say whose it is.
///
/// A turn that fails changes nothing that was not proven. Used by one thread at a time.
final class LedgerTurn {
  private static final Logger LOG = Logger.getLogger(LedgerTurn.class);

  /// How long one turn reads before the service is looked at again.
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /// Parts of the list that one turn asks for: services list 10,000 places in each.
  private static final int MAX_PAGES = 1_000;

  /// Entries that may be owed: a service that proves nothing is not read on.
  private static final int MAX_OWED = 1_000;

  /// Owed entries that are asked for again in one turn.
  private static final int RETRIED = 8;

  private final LedgerSettings ledger;
  private final Store store;
  private final LedgerBook book;
  private final LedgerClient client;
  private final LedgerService service;
  private final LedgerEntries entries;
  private final LedgerReports reports;
  private final LedgerAudit audit;
  private final Flood flood;
  private final Vitals vitals;
  private final OwedEntries owed;
  private final BooleanSupplier stopping;
  private final Clock clock;
  private final Consumer<List<Filing>> told;
  private @Nullable LedgerCommits commits;
  private Optional<TxId> lastNewest = Optional.empty();
  private Instant lastGrown = Instant.MIN;

  /// What a turn is made of.
  record Parts(
      LedgerClient client,
      LedgerService service,
      LedgerEntries entries,
      LedgerReports reports,
      LedgerAudit audit,
      Flood flood,
      Vitals vitals,
      OwedEntries owed,
      Consumer<List<Filing>> told) {}

  LedgerTurn(LedgerSettings ledger, Parts parts, TailTools tools) {
    this.ledger = ledger;
    this.store = tools.store();
    this.book = tools.store().ledger(ledger.name());
    this.client = parts.client();
    this.service = parts.service();
    this.entries = parts.entries();
    this.reports = parts.reports();
    this.audit = parts.audit();
    this.flood = parts.flood();
    this.vitals = parts.vitals();
    this.owed = parts.owed();
    this.stopping = tools.stopping();
    this.clock = tools.clock();
    this.told = parts.told();
  }

  /// Runs one turn.
  ///
  /// @return whether entries are left that another turn can read at once
  boolean run() {
    boolean more = false;
    try {
      more = turn();
    } catch (LogUnavailableException e) {
      vitals.failed(e.getMessage(), reports.ledger());
    } catch (BadAnswerException e) {
      // Malformed bytes prove nothing: a broken front end sends them as well as one that hides.
      vitals.failed(e.getMessage(), reports.ledger());
    } catch (StaleStateException e) {
      LOG.debugf("%s: %s", ledger.name(), e.getMessage());
    }
    Optional<LedgerState> state = book.state();
    if (state.isPresent()) {
      long next = state.get().next();
      vitals.ended(
          next - 1,
          Math.max(vitals.status().head(), next - 1),
          0,
          store.views(ledger.name()).getFirst().head().seen(),
          reports.ledger());
      owed.look(book);
    }
    flood.look(reports.ledger());
    return more;
  }

  private boolean turn() throws LogUnavailableException, BadAnswerException, StaleStateException {
    sameLedger();
    ReceiptKeys keys = service.keys();
    Optional<TxId> newest = client.committed();
    LedgerState state = state(keys, newest);
    newest.ifPresent(transaction -> service.committed(state, transaction));
    vitals.placed(Optional.of(grown(newest)));
    Reading reading = new Reading(keys, newest);
    Failures failures = new Failures();
    failures.attempt(service::policy);
    service.identity();
    failures.attempt(() -> payOwed(keys));
    failures.attempt(reading::run);
    failures.attempt(() -> audit.run(keys, commits()));
    vitals.provenHead(commits().heads().newestProven());
    failures.raise();
    vitals.reached(reading.error);
    return reading.more;
  }

  /// When the ledger last showed that it is alive: its newest transaction was another one. One that
  /// does not tell it is alive whenever it answers.
  private Instant grown(Optional<TxId> newest) {
    if (newest.isEmpty() || !newest.equals(lastNewest)) {
      lastNewest = newest;
      lastGrown = clock.instant();
    }
    return lastGrown;
  }

  /// A part of a turn.
  @FunctionalInterface
  private interface Part {
    void run() throws LogUnavailableException, BadAnswerException, StaleStateException;
  }

  /// What parts of a turn met: one that fails keeps the others from nothing.
  private static final class Failures {
    private @Nullable LogUnavailableException unavailable;
    private @Nullable BadAnswerException bad;

    void attempt(Part part) throws StaleStateException {
      try {
        part.run();
      } catch (LogUnavailableException e) {
        unavailable = unavailable == null ? e : unavailable;
      } catch (BadAnswerException e) {
        bad = bad == null ? e : bad;
      }
    }

    void raise() throws LogUnavailableException, BadAnswerException {
      if (bad != null) {
        throw bad;
      }
      if (unavailable != null) {
        throw unavailable;
      }
    }
  }

  private LedgerCommits commits() {
    LedgerCommits known = commits;
    if (known == null) {
      known = new LedgerCommits(book, reports, flood, clock);
      commits = known;
    }
    return known;
  }

  /// A name that stood for another log is not taken over: its place says nothing of this one.
  private void sameLedger() throws LogUnavailableException {
    Optional<String> known = store.identity(ledger.name());
    if (known.isPresent() && !known.get().equals(ledger.identity())) {
      throw new LogUnavailableException(
          "ledger %s: in the database it is %s (configured: %s); give the new one a name of its own"
              .formatted(ledger.name(), known.get(), ledger.identity()));
    }
  }

  private LedgerState state(ReceiptKeys keys, Optional<TxId> newest)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    Optional<LedgerState> known = book.state();
    if (known.isPresent()) {
      return known.get();
    }
    long next =
        switch (ledger.start()) {
          case Start.Head _ -> newest.isPresent() ? newest.get().seqno() + 1 : listEnd();
          case Start.Index(long place) -> Math.max(1, place);
        };
    LedgerState first = service.first(keys, next);
    book.begin(ledger.identity(), first);
    return first;
  }

  /// The place behind the last entry that is listed, of a service that does not say how far it is.
  private long listEnd() throws LogUnavailableException, BadAnswerException {
    long next = 1;
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      Optional<LedgerClient.Page> page = client.page(next, OptionalLong.empty());
      if (page.isEmpty()) {
        return next;
      }
      if (page.get().next().isEmpty()) {
        return page.get().ids().isEmpty() ? next : page.get().ids().getLast().seqno() + 1;
      }
      next = page.get().next().getAsLong();
    }
    throw new LogUnavailableException(
        "%s: the list has no end (expected: within %d parts)"
            .formatted(client.address(), MAX_PAGES));
  }

  /// Asks again for entries that could not be proven.
  private void payOwed(ReceiptKeys keys)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    List<OwedEntry> asked = book.owed(RETRIED);
    LedgerCommits commits = commits();
    flood.chunk();
    entries.read(
        asked.stream().map(OwedEntry::id).toList(),
        keys,
        false,
        entry -> {
          Instant since =
              asked.stream()
                  .filter(it -> it.id().equals(entry.id()))
                  .map(OwedEntry::since)
                  .findFirst()
                  .orElse(clock.instant());
          take(commits, entry, since);
          return true;
        });
    if (!commits.isEmpty()) {
      long place = book.state().orElseThrow().next();
      told.accept(commits.write(place, place));
    }
  }

  /// Adds what came of one entry; false if its key is not believed, so that nothing was added.
  private boolean take(LedgerCommits commits, CheckedEntry entry, Instant since) {
    switch (entry) {
      case CheckedEntry.Proven proven -> commits.add(proven);
      case CheckedEntry.Unbelievable broken -> {
        commits.file(reports.receiptInvalid(broken, clock.instant()));
        commits.owe(broken.id(), broken.why(), since);
      }
      case CheckedEntry.Missing missing -> commits.owe(missing.id(), missing.why(), since);
      case CheckedEntry.OfUnknownKey unknown -> {
        service.unknownKey(unknown);
        return false;
      }
    }
    return true;
  }

  /// Reads the list from the place that was reached.
  private final class Reading {
    private final ReceiptKeys keys;
    private final OptionalLong to;
    private final long began = System.nanoTime();
    private final LedgerCommits commits = commits();
    private long place;
    private int judged;
    private boolean more;
    private String error = "";

    Reading(ReceiptKeys keys, Optional<TxId> newest) {
      this.keys = keys;
      this.to = newest.isPresent() ? OptionalLong.of(newest.get().seqno()) : OptionalLong.empty();
    }

    void run() throws LogUnavailableException, BadAnswerException, StaleStateException {
      place = book.state().orElseThrow().next();
      boolean whole = false;
      try {
        readAll();
        whole = true;
      } finally {
        if (!whole) {
          // What was proven before the trouble counts.
          write(place);
        }
      }
    }

    private void readAll() throws LogUnavailableException, BadAnswerException, StaleStateException {
      to.ifPresent(head -> vitals.judged(place - 1, Math.max(head, place - 1), 0));
      for (int pages = 0; to.isEmpty() || place <= to.getAsLong(); pages++) {
        if (pages == MAX_PAGES || isOver()) {
          more = true;
          return;
        }
        Optional<LedgerClient.Page> page = client.page(place, to);
        if (page.isEmpty()) {
          audit.unlisted();
          return;
        }
        if (!read(page.get())) {
          return;
        }
        if (page.get().next().isEmpty()) {
          return;
        }
      }
    }

    private boolean isOver() {
      return stopping.getAsBoolean() || System.nanoTime() - began > LONGEST.toNanos();
    }

    /// Reads one part of the list; false if reading ends there.
    private boolean read(LedgerClient.Page page)
        throws LogUnavailableException, BadAnswerException, StaleStateException {
      boolean[] stopped = new boolean[1];
      flood.chunk();
      entries.read(
          page.ids(),
          keys,
          true,
          entry -> {
            stopped[0] = !goesOn(entry);
            return !stopped[0];
          });
      if (stopped[0]) {
        return false;
      }
      long end =
          page.next().isPresent()
              ? page.next().getAsLong()
              : to.isPresent() ? to.getAsLong() + 1 : place;
      write(Math.max(end, place));
      return true;
    }

    private boolean goesOn(CheckedEntry entry) throws StaleStateException {
      if (!LedgerTurn.this.take(commits, entry, clock.instant())) {
        error =
            "entry %s is signed by a key that nobody vouches for: add it to service-keys, if it is"
                    .formatted(entry.id())
                + " genuine";
        write(place);
        return false;
      }
      place(entry.id());
      if (commits.isFull()) {
        write(place);
        if (book.owedCount() >= MAX_OWED) {
          error = "over %d entries are owed: nothing is read on".formatted(MAX_OWED);
          return false;
        }
        if (isOver()) {
          more = true;
          return false;
        }
      }
      return true;
    }

    private void place(TxId read) {
      place = read.seqno() + 1;
      judged++;
    }

    private void write(long next) throws StaleStateException {
      long known = book.state().orElseThrow().next();
      if (commits.isEmpty() && next == known) {
        return;
      }
      told.accept(commits.write(known, next));
      place = next;
      vitals.judged(place - 1, Math.max(to.orElse(place - 1), place - 1), judged);
      judged = 0;
    }
  }
}
