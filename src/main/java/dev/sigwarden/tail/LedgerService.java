package dev.sigwarden.tail;

import dev.sigwarden.alert.LedgerAlerts.KeyChange;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LedgerSource;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Lasting;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Looks at what a ledger's service says of itself: its keys, its certificate, its policy, its
/// newest transaction. Whatever changed is told, and remembered in the same transaction. Used by
/// one thread.
final class LedgerService {
  /// How long a policy that changed stands before it is looked at again: a service may show another
  /// at each look, and all are kept.
  private static final Duration POLICY_STANDS = Duration.ofHours(1);

  private final LedgerSource.Trust trust;
  private final LedgerClient client;
  private final LedgerBook book;
  private final LedgerReports reports;
  private final Patience patience;
  private final LogSettings.Timing timing;
  private final Consumer<List<Filing>> told;

  /// Keys that the ledger's files show to go on from a believed one.
  private final Set<Hash> endorsed = new HashSet<>();

  /// @param told hears of findings after they were written
  LedgerService(
      LedgerSettings ledger,
      LedgerClient client,
      LedgerBook book,
      LedgerReports reports,
      Patience patience,
      Consumer<List<Filing>> told) {
    this.trust = ledger.source().receipts();
    this.timing = ledger.timing();
    this.client = client;
    this.book = book;
    this.reports = reports;
    this.patience = patience;
    this.told = told;
  }

  /// The ledger's files, of a chain that begins with a believed key, show that this key endorses
  /// the one before it.
  void endorsed(Hash key) {
    endorsed.add(key);
  }

  /// Whether the operator named the key, or the files vouch for it.
  boolean believes(Hash key) {
    return trust.keys().contains(key) || endorsed.contains(key);
  }

  /// Asks for the keys, those of a service that was never met before too.
  ///
  /// @return those that receipts are believed by
  ReceiptKeys keys() throws LogUnavailableException, BadAnswerException {
    LedgerClient.Keys shown = client.keys();
    reports.keys(shown);
    List<ReceiptKeys.Entry> believed =
        shown.entries().stream().filter(entry -> believes(entry.key().spkiSha256())).toList();
    Optional<LedgerState> known = book.state();
    if (known.isPresent()) {
      compare(known.get(), ids(shown.entries()), ids(believed));
    } else if (believed.isEmpty()) {
      throw new LogUnavailableException(
          "the configured service-keys do not fit the service at %s: it shows %s"
              .formatted(client.address(), String.join(", ", ids(shown.entries()))));
    }
    try {
      return ReceiptKeys.of(believed);
    } catch (MalformedCoseException e) {
      throw new BadAnswerException(client.address(), e.getMessage());
    }
  }

  private static List<String> ids(List<ReceiptKeys.Entry> entries) {
    return entries.stream()
        .map(entry -> entry.key().spkiSha256().toHex())
        .sorted()
        .distinct()
        .toList();
  }

  /// The state of a service that is met for the first time.
  LedgerState first(ReceiptKeys believed, long next)
      throws LogUnavailableException, BadAnswerException {
    List<String> shown = ids(client.keys().entries());
    return new LedgerState(
        next, next, 0, shown, ids(believed.entries()), client.policy().orElse(""), -1);
  }

  private void compare(LedgerState known, List<String> shown, List<String> believed) {
    List<Filing> filings = new ArrayList<>();
    for (String id : shown) {
      if (!known.kids().contains(id)) {
        filings.add(reports.keys(added(Hash.ofHex(id)), id, Optional.empty()));
      } else if (believed.contains(id) && !known.accepted().contains(id)) {
        // It was told as unknown; now somebody vouches for it.
        filings.add(reports.keys(added(Hash.ofHex(id)), id, Optional.empty()));
      }
    }
    for (String id : known.kids()) {
      if (!shown.contains(id)) {
        filings.add(reports.keys(KeyChange.REMOVED, id, Optional.empty()));
      }
    }
    if (shown.equals(known.kids()) && believed.equals(known.accepted())) {
      return;
    }
    boolean more = !known.accepted().containsAll(believed);
    // What was proven before has to be there still under the new key.
    book.update(known.withKeys(shown, believed, more ? known.first() : known.again()), filings);
    told.accept(filings);
  }

  private KeyChange added(Hash key) {
    if (trust.keys().contains(key)) {
      return KeyChange.ACCEPTED;
    }
    return endorsed.contains(key) ? KeyChange.ENDORSED : KeyChange.UNKNOWN;
  }

  /// A receipt is of a key that is not believed.
  void unknownKey(CheckedEntry.OfUnknownKey entry) {
    file(reports.keys(KeyChange.UNKNOWN, entry.why(), Optional.of(entry)));
  }

  /// Tells of a certificate that is not that of an accepted key.
  void identity() {
    client
        .identityTrouble()
        .ifPresent(why -> file(reports.keys(KeyChange.IDENTITY, why, Optional.empty())));
  }

  /// Compares the policy.
  void policy() throws LogUnavailableException, BadAnswerException {
    Optional<String> now = client.policy();
    Optional<Lasting> changed = patience.lasting(Patience.State.POLICY_CHANGED);
    if (changed.isPresent() && !patience.over(changed.get().since(), POLICY_STANDS)) {
      return;
    }
    Optional<LedgerState> known = book.state();
    if (now.isEmpty() || known.isEmpty() || now.get().equals(known.get().policy())) {
      return;
    }
    List<Filing> filings =
        known.get().policy().isEmpty()
            ? List.of()
            : List.of(reports.policy(known.get().policy(), now.get()));
    if (!filings.isEmpty()) {
      patience.begin(Patience.State.POLICY_CHANGED, 0);
    }
    book.update(known.get().withPolicy(now.get()), filings);
    told.accept(filings);
  }

  /// Compares the newest transaction with what was read. A node may be behind others, and the front
  /// end may ask any: only what lasts is told, unless the view changed with it.
  void committed(LedgerState known, TxId newest) {
    if (newest.seqno() >= known.next() - 1) {
      patience.end(Patience.State.OLDER);
      return;
    }
    boolean lasted = patience.over(patience.since(Patience.State.OLDER), timing.rollbackAfter());
    if (lasted || (known.view() > 0 && newest.view() > known.view())) {
      file(reports.rollback(known.next() - 1, newest));
    }
  }

  private void file(Filing filing) {
    book.update(book.state().orElseThrow(), List.of(filing));
    told.accept(List.of(filing));
  }
}
