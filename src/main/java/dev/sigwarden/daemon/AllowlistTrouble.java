package dev.sigwarden.daemon;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.watch.AllowlistProblem;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;

/// Reads allowlist files that changed, and tells of one that cannot be read: its content from
/// before stays in force, so a new release would raise an alert.
final class AllowlistTrouble {
  private AllowlistTrouble() {}

  /// @param speaks whether this process tells, and not another that reads the same files
  static void tell(
      Configuration configuration,
      boolean speaks,
      Conditions conditions,
      ConditionBoard board,
      Clock clock) {
    Map<String, String> broken =
        configuration.allowlists().refresh().stream()
            .collect(Collectors.toMap(AllowlistProblem::allowlist, AllowlistProblem::reason));
    if (!speaks) {
      return;
    }
    for (String name : configuration.allowlists().names()) {
      String reason = broken.get(name);
      if (reason != null) {
        board.raise(conditions.allowlistUnreadable(name, reason, clock.instant()), "");
      } else {
        board.resolve(
            FindingId.condition(configuration.tenant(), Kind.ALLOWLIST_UNREADABLE.label(), name),
            "");
      }
    }
  }
}
