package dev.sigwarden.tail;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Store;
import dev.sigwarden.trust.Trusts;
import dev.sigwarden.watch.Watches;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Tools of tenant `acme`, which tells one receiver `soc` of everything.
final class TestTools {
  private TestTools() {}

  /// @param watchSet the set of `watches`, as in `Coverage`
  static TailTools of(Store store, PoliteHttp http, Watches watches, long watchSet, Clock clock) {
    Routes routes = Routes.all(List.of("soc"));
    Conditions conditions = new Conditions("acme", clock);
    return new TailTools(
        "acme",
        Optional.empty(),
        store,
        () -> watches,
        watchSet,
        Trusts.none(),
        Decoders.found(),
        routes,
        conditions,
        new ConditionBoard(store, routes, conditions, () -> {}),
        new LogTools(http, clock),
        () -> {},
        () -> false,
        clock);
  }
}
