package dev.sigwarden.daemon;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.outbox.DeadLetter;
import java.time.Clock;

/// Tells the other receivers of one that does not take alerts.
///
/// @param tenant part of the condition's id
/// @param conditions words
/// @param board where the condition is opened and ended
/// @param clock the time
record ReceiverTrouble(String tenant, Conditions conditions, ConditionBoard board, Clock clock)
    implements DeadLetter {
  @Override
  public void failing(String receiver, String reason) {
    board.raise(conditions.deliveryFailing(receiver, reason, clock.instant()), receiver);
  }

  @Override
  public void recovered(String receiver) {
    board.resolve(FindingId.condition(tenant, Kind.DELIVERY_FAILING.label(), receiver), receiver);
  }
}
