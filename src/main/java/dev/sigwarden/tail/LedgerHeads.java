package dev.sigwarden.tail;

import dev.sigwarden.cose.LedgerPath;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.cose.UnsupportedCoseException;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.LedgerReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The trees of one ledger that verified receipts show, and whether they can be of one history.
///
/// A receipt is a signed head, and each hash on its path that of a range of leaves. From that
/// follows, for two of them, one of three answers: the older tree is proven a prefix of the newer,
/// or both cannot be of one history, or neither is shown. Used by one thread at a time.
final class LedgerHeads {
  /// How much earlier a later receipt may be dated: the clocks of a service's nodes differ.
  static final Duration SKEW = Duration.ofMinutes(5);

  private final NavigableMap<Long, LedgerReceipt> heads = new TreeMap<>();
  private final Map<Span, Known> ranges = new HashMap<>();

  private record Span(long from, long to) {}

  /// @param size of the tree whose receipt says so
  private record Known(Hash hash, long size) {}

  /// Two receipts that cannot be of one history.
  ///
  /// @param known the one that was there before
  /// @param why what contradicts
  record Contradiction(LedgerReceipt known, String why) {}

  /// What a receipt says beside those before.
  ///
  /// @param contradiction with one of them, the first that was met
  /// @param proven sizes of trees that it proves to be prefixes of its own
  /// @param late why its time cannot be right
  record Answer(Optional<Contradiction> contradiction, List<Long> proven, Optional<String> late) {}

  /// With the receipts that are kept.
  LedgerHeads(List<LedgerReceipt> kept) {
    for (LedgerReceipt receipt : kept) {
      try {
        keep(receipt, LedgerPath.of(receipt.receipt().toBytes()));
      } catch (MalformedCoseException | UnsupportedCoseException e) {
        throw new IllegalStateException("a receipt that was verified", e);
      }
    }
  }

  /// Compares a verified receipt with those before, and keeps it unless it contradicts one.
  Answer add(LedgerReceipt receipt, LedgerPath path) {
    long size = receipt.signed().seqno();
    Optional<Contradiction> contradiction = sameSize(receipt).or(() -> order(receipt.signed()));
    if (contradiction.isEmpty()) {
      contradiction = ranges(path);
    }
    List<Long> proven = new ArrayList<>();
    for (long older : path.sizes()) {
      LedgerReceipt head = heads.get(older);
      if (head == null || older == size || contradiction.isPresent()) {
        continue;
      }
      Hash root = path.rootAt(older).orElseThrow();
      if (root.equals(head.root())) {
        proven.add(older);
      } else {
        contradiction =
            Optional.of(
                new Contradiction(
                    head,
                    "the tree of %d leaves has root %s at size %d, where root %s was signed"
                        .formatted(size, root, older, head.root())));
      }
    }
    Optional<String> late = late(receipt);
    if (contradiction.isEmpty()) {
      keep(receipt, path);
      proven.forEach(this::prove);
    }
    return new Answer(contradiction, contradiction.isEmpty() ? proven : List.of(), late);
  }

  private Optional<Contradiction> sameSize(LedgerReceipt receipt) {
    LedgerReceipt known = heads.get(receipt.signed().seqno());
    if (known == null
        || (known.signed().equals(receipt.signed()) && known.root().equals(receipt.root()))) {
      return Optional.empty();
    }
    return Optional.of(
        new Contradiction(
            known,
            known.signed().equals(receipt.signed())
                ? "two roots signed in transaction %s: %s and %s"
                    .formatted(known.signed(), known.root(), receipt.root())
                : "trees of one size signed in transactions %s and %s"
                    .formatted(known.signed(), receipt.signed())));
  }

  /// Views do not go down with growing places.
  private Optional<Contradiction> order(TxId signed) {
    Map.Entry<Long, LedgerReceipt> before = heads.lowerEntry(signed.seqno());
    Map.Entry<Long, LedgerReceipt> after = heads.higherEntry(signed.seqno());
    if (before != null && before.getValue().signed().view() > signed.view()) {
      return Optional.of(order(before.getValue(), signed));
    }
    return after != null && after.getValue().signed().view() < signed.view()
        ? Optional.of(order(after.getValue(), signed))
        : Optional.empty();
  }

  private static Contradiction order(LedgerReceipt known, TxId signed) {
    return new Contradiction(
        known, "views go down: transactions %s and %s".formatted(known.signed(), signed));
  }

  private Optional<Contradiction> ranges(LedgerPath path) {
    for (LedgerPath.Range range : path.ranges()) {
      Known known = ranges.get(new Span(range.from(), range.to()));
      if (known != null && !known.hash().equals(range.hash())) {
        LedgerReceipt by = heads.get(known.size());
        if (by != null) {
          return Optional.of(
              new Contradiction(
                  by,
                  "leaves [%d, %d) have root %s in one tree and %s in the other"
                      .formatted(range.from(), range.to(), known.hash(), range.hash())));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> late(LedgerReceipt receipt) {
    Map.Entry<Long, LedgerReceipt> before = heads.lowerEntry(receipt.signed().seqno());
    if (before == null
        || before.getValue().issued().isEmpty()
        || receipt.issued().isEmpty()
        || !receipt.issued().get().isBefore(before.getValue().issued().get().minus(SKEW))) {
      return Optional.empty();
    }
    return Optional.of(
        "signed in %s and dated %s, behind %s, dated %s"
            .formatted(
                receipt.signed(),
                receipt.issued().get(),
                before.getValue().signed(),
                before.getValue().issued().get()));
  }

  private void keep(LedgerReceipt receipt, LedgerPath path) {
    long size = receipt.signed().seqno();
    heads.putIfAbsent(size, receipt);
    for (LedgerPath.Range range : path.ranges()) {
      ranges.putIfAbsent(new Span(range.from(), range.to()), new Known(range.hash(), size));
    }
  }

  /// The tree of that size is proven a prefix of a later one.
  void prove(long size) {
    heads.computeIfPresent(
        size,
        (_, head) ->
            new LedgerReceipt(
                head.signed(), head.root(), head.receipt(), head.seen(), head.issued(), true));
  }

  /// The receipt of the tree of that size, if one is kept.
  Optional<LedgerReceipt> of(long size) {
    return Optional.ofNullable(heads.get(size));
  }

  /// How many are kept.
  int size() {
    return heads.size();
  }

  /// Sizes of trees at most `size` that are not proven.
  List<Long> unproven(long size) {
    return heads.headMap(size, true).values().stream()
        .filter(head -> !head.proven())
        .map(head -> head.signed().seqno())
        .toList();
  }

  /// When the newest tree was signed, or seen if it says no time, that is proven a prefix of a
  /// later one.
  Optional<Instant> newestProven() {
    return heads.descendingMap().values().stream()
        .filter(LedgerReceipt::proven)
        .findFirst()
        .map(head -> head.issued().orElse(head.seen()));
  }
}
