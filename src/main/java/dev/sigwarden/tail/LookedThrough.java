package dev.sigwarden.tail;

import dev.sigwarden.alert.MissingAlerts.NotCovered;
import dev.sigwarden.alert.MissingAlerts.Part;
import dev.sigwarden.store.Coverage;
import dev.sigwarden.store.LedgerState;
import dev.sigwarden.store.Store;
import dev.sigwarden.watch.Watch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What watches, as they are now, have looked through of what was read of logs: only there can an
/// entry be missed. Asked of a log and watch once, so made anew for each review.
final class LookedThrough {
  /// Ranges that are looked at for one watch and log; what lies behind them counts as not covered.
  private static final int MOST = 5_000;

  private final Store store;
  private final Map<String, Part> parts = new HashMap<>();
  private final Map<List<String>, List<NotCovered>> known = new HashMap<>();

  LookedThrough(Store store) {
    this.store = store;
  }

  /// What was read of a log at all: from its first entry on, from where it came to be followed, or
  /// as far as that was written down.
  Part part(String log) {
    return parts.computeIfAbsent(log, this::read);
  }

  private Part read(String log) {
    return new Part(log, store.coverage().first(log).orElseGet(() -> end(log)));
  }

  /// The parts of what was read of these logs that one of the watches has not looked through.
  List<NotCovered> notCovered(Collection<String> logs, List<Watch> watches) {
    List<NotCovered> all = new ArrayList<>();
    for (String log : logs) {
      for (Watch watch : watches) {
        all.addAll(known.computeIfAbsent(List.of(log, watch.name()), _ -> missed(log, watch)));
      }
    }
    return all;
  }

  private List<NotCovered> missed(String log, Watch watch) {
    boolean scannable = store.ledger(log).state().isEmpty();
    return Coverage.gaps(part(log).first(), end(log), store.coverage().of(watch.name(), log, MOST))
        .stream()
        .map(gap -> new NotCovered(log, watch.name(), gap.from(), gap.to(), scannable))
        .toList();
  }

  /// The position in a log, or the place that was reached in a ledger.
  private long end(String log) {
    return store
        .ledger(log)
        .state()
        .map(LedgerState::next)
        .orElseGet(() ->
            store.views(log).stream()
                .findFirst()
                .map(view -> view.position().head().size())
                .orElse(0L));
  }
}
