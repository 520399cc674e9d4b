package dev.sigwarden.tail;

import dev.sigwarden.alert.MissingAlerts.NotCovered;
import dev.sigwarden.alert.MissingAlerts.Part;
import dev.sigwarden.store.Coverage;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.watch.Watch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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
    OptionalLong end = end(log);
    return new Part(
        log,
        end.isEmpty() ? end : OptionalLong.of(store.coverage().first(log).orElse(end.getAsLong())));
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
    OptionalLong first = part(log).first();
    if (first.isEmpty()) {
      return List.of(new NotCovered(log, watch.name(), Optional.empty()));
    }
    return Coverage.gaps(
            first.getAsLong(),
            end(log).orElse(first.getAsLong()),
            store.coverage().of(watch.name(), log, MOST))
        .stream()
        .map(gap ->
            new NotCovered(
                log, watch.name(), Optional.of(new NotCovered.Range(gap.from(), gap.to()))))
        .toList();
  }

  /// The position in a log; empty for a ledger, of which no coverage is kept.
  private OptionalLong end(String log) {
    List<View> views = store.views(log);
    return views.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(views.getFirst().position().head().size());
  }
}
