package dev.sigwarden.tail;

import dev.sigwarden.alert.Evidence;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Entries that a log merged later than it promised: a head lacks one although it was signed more
/// than the maximum merge delay after the time at which the log says that it took the entry. RFC
/// 6962 section 3. Goes by the log's own times alone. Used by one thread at a time.
final class MergeDelays {
  /// Heads remembered until the entries behind them are judged: hours of heads while a backlog is
  /// read. What is shown beyond that is compared with the earlier ones only.
  private static final int MAX_HEADS = 1_024;

  private final Optional<Duration> allowed;
  private final Reports reports;

  /// Heads of the proven history by their sizes, each the latest of its size.
  private final NavigableMap<Long, Dated> heads = new TreeMap<>();

  private record Dated(SeenHead head, Instant time) {}

  MergeDelays(LogSettings log, Reports reports) {
    this.allowed = log.source().mergeDelay();
    this.reports = reports;
  }

  /// A head of the proven history.
  ///
  /// @param signedAt the time that it states
  void shown(SeenHead head, Optional<Instant> signedAt) {
    if (allowed.isEmpty() || signedAt.isEmpty()) {
      return;
    }
    long size = head.head().size();
    Dated known = heads.get(size);
    if (known == null ? heads.size() < MAX_HEADS : signedAt.get().isAfter(known.time())) {
      heads.put(size, new Dated(head, signedAt.get()));
    }
  }

  /// The finding that one of these entries of the proven history was merged late, the first such.
  ///
  /// @param leaves proven to be in the view's head
  Optional<Filing> objection(View view, Leaves leaves, Instant now) {
    Optional<Filing> late = Optional.empty();
    for (Map.Entry<Long, Dated> before : heads.headMap(leaves.to(), false).entrySet()) {
      Long next = heads.higherKey(before.getKey());
      long to = next == null ? leaves.to() : Math.min(next, leaves.to());
      Instant latest = before.getValue().time().minus(allowed.orElseThrow());
      OptionalLong index = leaves.loggedBefore(latest, before.getKey(), to);
      if (index.isPresent()) {
        late = Optional.of(filing(view, leaves, index.getAsLong(), before.getValue(), now));
        break;
      }
    }
    // Of the heads before what was judged only the last says anything of what comes.
    Long last = heads.floorKey(leaves.to());
    if (last != null) {
      heads.headMap(last, false).clear();
    }
    return late;
  }

  private Filing filing(View view, Leaves leaves, long index, Dated before, Instant now) {
    int number = (int) (index - leaves.from());
    return reports.mergedLate(
        index,
        leaves.loggedAt(number).orElseThrow(),
        before.head(),
        before.time(),
        allowed.orElseThrow(),
        List.of(
            new Evidence("entry.bin", leaves.copy(number)),
            Reports.text("checkpoint-without.note", before.head().note()),
            Reports.text("checkpoint.note", view.head().note())),
        now);
  }
}
