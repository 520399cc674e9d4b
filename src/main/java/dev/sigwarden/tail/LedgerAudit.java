package dev.sigwarden.tail;

import dev.sigwarden.alert.LedgerAlerts.Became;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerEntry;
import dev.sigwarden.store.LedgerState;
import dev.sigwarden.store.OwedEntry;
import dev.sigwarden.store.StaleStateException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Looks at a ledger's past again: a part of the list of entries in each turn, and some entries
/// themselves. What was proven once has to stay, and nothing may come up before what was read.
///
/// After another key was accepted all entries are looked at again: a service that was recovered may
/// have lost some of them. Used by one thread.
final class LedgerAudit {
  private static final Logger LOG = Logger.getLogger(LedgerAudit.class);

  /// Places that one turn lists again.
  private static final int RANGE = 10_000;

  /// Entries that are missing from the list and asked for by themselves in one turn.
  private static final int MISSING = 8;

  /// Entries looked at again in one turn after another key was accepted.
  private static final int AGAIN = 32;

  private static final int MAX_OWED = 2_000;

  private final LedgerBook book;
  private final LedgerClient client;
  private final LedgerEntries entries;
  private final LedgerReports reports;
  private final OwedEntries owed;
  private final Consumer<List<Filing>> told;
  private final Clock clock;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private boolean lists = true;
  private long cursor;

  LedgerAudit(
      LedgerBook book,
      LedgerClient client,
      LedgerEntries entries,
      LedgerReports reports,
      OwedEntries owed,
      Consumer<List<Filing>> told,
      Clock clock) {
    this.book = book;
    this.client = client;
    this.entries = entries;
    this.reports = reports;
    this.owed = owed;
    this.told = told;
    this.clock = clock;
  }

  /// Whether the service keeps a list of entries, as it answered last.
  void listed(boolean now) {
    lists = now;
  }

  /// Whether the service keeps a list, as far as is known.
  boolean lists() {
    return lists;
  }

  /// Looks once.
  void run(ReceiptKeys keys, LedgerCommits commits)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    LedgerState state = book.state().orElseThrow();
    if (state.next() > state.first()) {
      sample(state, keys, commits);
      if (state.again() >= 0) {
        again(state, keys, commits);
      }
      if (lists) {
        list(state, keys, commits);
      }
    }
  }

  /// Asks for the first entry, the last one, any other, and those that were not handed out before.
  private void sample(LedgerState state, ReceiptKeys keys, LedgerCommits commits)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    Map<TxId, LedgerEntry> chosen = new LinkedHashMap<>();
    long any = random.nextLong(state.first(), state.next());
    for (List<LedgerEntry> some :
        List.of(
            book.entries(state.first(), state.next(), 1),
            book.entries(any, state.next(), 1),
            book.before(state.next()).stream().toList())) {
      some.forEach(entry -> chosen.put(entry.id(), entry));
    }
    for (TxId id : owed.withheld().stream().limit(MISSING).toList()) {
      book.entry(id.seqno()).ifPresent(entry -> chosen.put(entry.id(), entry));
    }
    compare(chosen, keys, commits);
  }

  /// Looks at the next entries that are to be looked at again.
  private void again(LedgerState state, ReceiptKeys keys, LedgerCommits commits)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    List<LedgerEntry> next = book.entries(state.again(), state.next(), AGAIN);
    Map<TxId, LedgerEntry> chosen = new LinkedHashMap<>();
    next.forEach(entry -> chosen.put(entry.id(), entry));
    compare(chosen, keys, commits);
    long from = next.size() < AGAIN ? -1 : next.getLast().id().seqno() + 1;
    book.update(book.state().orElseThrow().withAgain(from), List.of());
    if (from < 0) {
      LOG.info("all entries of a ledger were looked at again after another key was accepted");
    }
  }

  private void compare(Map<TxId, LedgerEntry> chosen, ReceiptKeys keys, LedgerCommits commits)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    List<LedgerEntry> denied = new ArrayList<>();
    entries.read(
        List.copyOf(chosen.keySet()),
        keys,
        true,
        now -> {
          LedgerEntry known = chosen.get(now.id());
          if (known != null && now instanceof CheckedEntry.Missing(_, _, boolean no) && no) {
            denied.add(known);
          } else if (known != null) {
            compare(known, now, commits);
          }
          return true;
        });
    for (LedgerEntry known : denied) {
      // Asked once more: nothing is told of one node that is behind the others.
      compare(known, entries.one(known.id(), keys, true), commits);
    }
    write(commits);
  }

  private void compare(LedgerEntry known, CheckedEntry now, LedgerCommits commits) {
    switch (now) {
      case CheckedEntry.Proven proven -> {
        owed.handedOut(known.id());
        commits.compare(proven);
        if (!proven.message().claimsDigest().equals(known.claims())
            || (proven.path().signed().equals(known.signed())
                && !proven.path().root().equals(known.root()))) {
          commits.file(reports.changed(known, proven, commits.heads().of(known.signed().seqno())));
        }
      }
      case CheckedEntry.Unbelievable broken ->
          commits.file(reports.receiptInvalid(broken, clock.instant()));
      case CheckedEntry.Missing missing when missing.denied() -> {
        owed.handedOut(known.id());
        commits.file(vanished(known, missing.why(), commits));
      }
      case CheckedEntry.Missing missing -> owed.withheld(known.id(), missing.why());
      // That a key is shown no more was told.
      case CheckedEntry.OfUnknownKey _, CheckedEntry.Filed _ -> {}
    }
  }

  private Filing vanished(LedgerEntry known, String why, LedgerCommits commits) {
    return reports.became(
        Became.VANISHED,
        known.id().toString(),
        known.id().seqno(),
        "the service denies transaction %s, proven in the tree of %s: %s"
            .formatted(known.id(), known.signed(), why),
        commits.heads().of(known.signed().seqno()).stream()
            .map(kept ->
                new dev.sigwarden.alert.Evidence("receipt-known.cose", kept.receipt().toBytes()))
            .toList());
  }

  /// Lists a range again that was read.
  private void list(LedgerState state, ReceiptKeys keys, LedgerCommits commits)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    if (cursor < state.first() || cursor >= state.next()) {
      cursor = state.first();
    }
    long from = cursor;
    long to = Math.min(state.next() - 1, from + RANGE - 1);
    Optional<LedgerClient.Page> page = client.page(from, OptionalLong.of(to));
    if (page.isEmpty()) {
      listed(false);
      return;
    }
    long end = page.get().next().isPresent() ? page.get().next().getAsLong() - 1 : to;
    Map<Long, LedgerEntry> known = new TreeMap<>();
    book.entries(from, end, RANGE + 1).forEach(it -> known.put(it.id().seqno(), it));
    List<LedgerEntry> missing = missing(known, page.get());
    if (!missing.isEmpty()) {
      // Once more, past what one node or cache may have left out.
      Optional<LedgerClient.Page> second = client.page(from, OptionalLong.of(to));
      missing = second.isEmpty() ? List.of() : missing(known, second.get());
    }
    for (LedgerEntry entry : missing.stream().limit(MISSING).toList()) {
      left(entry, entries.one(entry.id(), keys, true), commits);
    }
    late(page.get(), known, commits);
    write(commits);
    cursor = end + 1;
  }

  private static List<LedgerEntry> missing(Map<Long, LedgerEntry> known, LedgerClient.Page page) {
    Set<TxId> listed = Set.copyOf(page.ids());
    long end = page.next().isPresent() ? page.next().getAsLong() : Long.MAX_VALUE;
    return known.values().stream()
        .filter(entry -> entry.id().seqno() < end && !listed.contains(entry.id()))
        .toList();
  }

  /// The list leaves an entry out: what is it if asked for?
  private void left(LedgerEntry known, CheckedEntry now, LedgerCommits commits) {
    compare(known, now, commits);
    if (!(now instanceof CheckedEntry.Missing missing && missing.denied())) {
      String why = "the list of entries leaves out transaction %s".formatted(known.id());
      commits.file(
          reports.became(
              Became.UNLISTED,
              known.id().toString(),
              known.id().seqno(),
              why,
              now instanceof CheckedEntry.Proven proven ? reports.evidence(proven) : List.of()));
    }
  }

  /// Entries that are listed now in a range that was read before: told, and owed, so that they are
  /// judged all the same.
  private void late(LedgerClient.Page page, Map<Long, LedgerEntry> known, LedgerCommits commits) {
    Map<Long, OwedEntry> waiting = new HashMap<>();
    book.owed(MAX_OWED).forEach(it -> waiting.put(it.id().seqno(), it));
    List<TxId> late =
        page.ids().stream()
            .filter(id -> !known.containsKey(id.seqno()) && !waiting.containsKey(id.seqno()))
            .collect(Collectors.toList());
    for (TxId id : late.stream().limit(MISSING).toList()) {
      String why = "transaction %s is listed in a range that was read without it".formatted(id);
      commits.file(reports.became(Became.LATE, id.toString(), id.seqno(), why, List.of()));
      commits.owe(id, why, clock.instant());
    }
  }

  private void write(LedgerCommits commits) throws StaleStateException {
    if (!commits.isEmpty()) {
      long place = book.state().orElseThrow().next();
      told.accept(commits.write(place, place));
    }
  }
}
