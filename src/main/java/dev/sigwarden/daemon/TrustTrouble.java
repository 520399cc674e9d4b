package dev.sigwarden.daemon;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.trust.Trust;
import java.util.Optional;

/// Tells of a trusted root that cannot be refreshed: the last good one stays in force.
final class TrustTrouble {
  private TrustTrouble() {}

  static void tell(
      String tenant,
      String name,
      Optional<Trust.Trouble> trouble,
      Conditions conditions,
      ConditionBoard board) {
    if (trouble.isPresent()) {
      Trust.Trouble told = trouble.get();
      board.raise(conditions.trustStale(name, told.why(), told.inForce(), told.since()), "");
    } else {
      board.resolve(FindingId.condition(tenant, Kind.TRUST_STALE.label(), name), "");
    }
  }
}
