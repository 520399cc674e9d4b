package dev.sigwarden.tail;

import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.LedgerConditions;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.OwedEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a ledger owes: entries that it lists and did not prove, and entries proven once that it
/// does not hand out any more. Told as one condition once that lasts. Used by one thread.
final class OwedEntries {
  /// Entries of the past that are remembered as not handed out.
  private static final int MAX_PAST = 100;

  /// Owed entries among which the oldest is looked for.
  private static final int MAX_OWED = 2_000;

  private final LedgerSettings ledger;
  private final TailTools tools;
  private final LedgerReports reports;
  private final Clock clock;
  private final Map<TxId, OwedEntry> past = new TreeMap<>();

  OwedEntries(LedgerSettings ledger, TailTools tools, LedgerReports reports) {
    this.ledger = ledger;
    this.tools = tools;
    this.reports = reports;
    this.clock = tools.clock();
  }

  /// An entry that was proven once was not handed out now.
  void withheld(TxId id, String why) {
    OwedEntry known = past.get(id);
    if (known != null || past.size() < MAX_PAST) {
      past.put(id, new OwedEntry(id, known == null ? clock.instant() : known.since(), why));
    }
  }

  /// An entry that was proven once was handed out.
  void handedOut(TxId id) {
    past.remove(id);
  }

  /// Entries that were proven once and not handed out since.
  List<TxId> withheld() {
    return List.copyOf(past.keySet());
  }

  /// Tells that something has been owed for long, or that nothing is any more.
  void look(LedgerBook book) {
    List<OwedEntry> owed = book.owed(MAX_OWED);
    long count = owed.size() + (long) past.size();
    Optional<OwedEntry> first =
        java.util.stream.Stream.concat(owed.stream(), past.values().stream())
            .min(Comparator.comparing(OwedEntry::since));
    String uid = FindingId.condition(tools.tenant(), Kind.ENTRY_UNAVAILABLE.label(), ledger.name());
    if (first.isEmpty()) {
      tools.board().resolve(uid, "");
      return;
    }
    Instant since = first.get().since();
    Duration lasted = Duration.between(since, clock.instant());
    if (lasted.compareTo(ledger.timing().unreachableAfter()) > 0) {
      tools
          .board()
          .raise(
              new LedgerConditions(tools.conditions())
                  .unavailable(
                      reports.ledger(),
                      count,
                      first.get().id().toString(),
                      first.get().why(),
                      since),
              "");
    }
  }
}
