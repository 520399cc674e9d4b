package dev.sigwarden.tail;

import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.OwedEntry;
import dev.sigwarden.store.StaleStateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/// What one turn reads of a ledger: entries that are owed, and the list behind the place that was
/// reached.
final class LedgerReading {
  /// How long one turn reads before the service is looked at again.
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /// Entries that may be owed: a service that proves nothing is not read on.
  private static final int MAX_OWED = 1_000;

  /// Owed entries that are asked for again in one turn.
  private static final int RETRIED = 8;

  private final LedgerTurn.Parts parts;
  private final LedgerBook book;
  private final LedgerCommits commits;
  private final ReceiptKeys keys;
  private final OptionalLong to;
  private final BooleanSupplier stopping;
  private final Clock clock;
  private final long began = System.nanoTime();
  private long place;
  private int judged;
  private boolean more;
  private String error = "";

  /// @param keys those that receipts are believed by
  /// @param newest the newest transaction; empty if the service does not tell it
  LedgerReading(
      LedgerTurn.Parts parts,
      LedgerBook book,
      LedgerCommits commits,
      ReceiptKeys keys,
      Optional<TxId> newest,
      TailTools tools) {
    this.parts = parts;
    this.book = book;
    this.commits = commits;
    this.keys = keys;
    this.to = newest.isPresent() ? OptionalLong.of(newest.get().seqno()) : OptionalLong.empty();
    this.stopping = tools.stopping();
    this.clock = tools.clock();
  }

  /// Whether entries are left that can be read at once.
  boolean more() {
    return more;
  }

  /// Why nothing is read on; empty if all is well.
  String error() {
    return error;
  }

  /// Reads from the place that was reached.
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
    to.ifPresent(head -> parts.vitals().judged(place - 1, Math.max(head, place - 1), 0));
    for (int pages = 0; to.isEmpty() || place <= to.getAsLong(); pages++) {
      if (pages == LedgerTurn.MAX_PAGES || isOver()) {
        more = true;
        return;
      }
      Optional<LedgerClient.Page> page = parts.client().page(place, to);
      parts.audit().listed(page.isPresent());
      if (page.isEmpty()) {
        unlisted();
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

  /// The service keeps no list: the ledger's files lead, which come hours behind.
  private void unlisted() throws LogUnavailableException {
    if (parts.files().isEmpty()) {
      throw new LogUnavailableException(
          "%s: no list of entries (expected: one at entries/txIds, or the ledger's files)"
              .formatted(parts.client().address()));
    }
    parts.vitals().judged(place - 1, place - 1, 0);
  }

  private boolean isOver() {
    return stopping.getAsBoolean() || System.nanoTime() - began > LONGEST.toNanos();
  }

  /// Reads one part of the list; false if reading ends there.
  private boolean read(LedgerClient.Page page)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    boolean[] stopped = new boolean[1];
    parts.flood().chunk();
    parts
        .entries()
        .read(
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
    if (!take(entry, clock.instant())) {
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
    parts.told().accept(commits.write(known, next));
    place = next;
    parts.vitals().judged(place - 1, Math.max(to.orElse(place - 1), place - 1), judged);
    judged = 0;
  }

  /// Asks again for entries that could not be proven.
  void payOwed() throws LogUnavailableException, BadAnswerException, StaleStateException {
    List<OwedEntry> asked = book.owed(RETRIED);
    parts.flood().chunk();
    parts
        .entries()
        .read(
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
              take(entry, since);
              return true;
            });
    if (!commits.isEmpty()) {
      long place = book.state().orElseThrow().next();
      parts.told().accept(commits.write(place, place));
    }
  }

  /// Adds what came of one entry; false if its key is not believed, so that nothing was added.
  private boolean take(CheckedEntry entry, Instant since) {
    switch (entry) {
      case CheckedEntry.Proven proven -> commits.add(proven);
      case CheckedEntry.Filed filed -> commits.add(filed);
      case CheckedEntry.Unbelievable broken -> {
        commits.file(parts.reports().receiptInvalid(broken, clock.instant()));
        commits.owe(broken.id(), broken.why(), since);
      }
      case CheckedEntry.Missing missing -> commits.owe(missing.id(), missing.why(), since);
      case CheckedEntry.OfUnknownKey unknown -> {
        parts.service().unknownKey(unknown);
        return false;
      }
    }
    return true;
  }
}
