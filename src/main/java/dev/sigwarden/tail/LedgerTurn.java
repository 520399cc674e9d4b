package dev.sigwarden.tail;

import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerState;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  /// Parts of the list that one turn asks for: services list 10,000 places in each.
  static final int MAX_PAGES = 1_000;

  private final LedgerSettings ledger;
  private final Store store;
  private final LedgerBook book;
  private final LedgerClient client;
  private final LedgerService service;
  private final LedgerReports reports;
  private final LedgerAudit audit;
  private final Optional<LedgerFiles> files;
  private final Flood flood;
  private final Vitals vitals;
  private final OwedEntries owed;
  private final Clock clock;
  private final Parts parts;
  private final TailTools tools;
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
      Optional<LedgerFiles> files,
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
    this.reports = parts.reports();
    this.audit = parts.audit();
    this.files = parts.files();
    this.flood = parts.flood();
    this.vitals = parts.vitals();
    this.owed = parts.owed();
    this.clock = tools.clock();
    this.parts = parts;
    this.tools = tools;
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
    Instant asked = clock.instant();
    ReceiptKeys keys = service.keys();
    Optional<TxId> newest = client.committed();
    LedgerState state = state(keys, newest);
    newest.ifPresent(transaction -> service.committed(state, transaction));
    vitals.placed(Optional.of(grown(newest)));
    LedgerReading reading = new LedgerReading(parts, book, commits(), keys, newest, tools);
    Failures failures = new Failures();
    failures.attempt(service::policy);
    service.identity();
    failures.attempt(reading::payOwed);
    failures.attempt(reading::run);
    failures.attempt(() -> audit.run(keys, commits()));
    if (files.isPresent()) {
      failures.attempt(() -> files.get().run(commits(), audit.lists()));
    }
    vitals.provenHead(commits().heads().newestProven());
    failures.raise();
    vitals.reached(reading.error());
    if (!reading.more() && reading.error().isEmpty()) {
      vitals.readThrough(asked, Optional.empty());
    }
    return reading.more();
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
      known = new LedgerCommits(book, reports, flood, tools.watchSet(), clock);
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
}
