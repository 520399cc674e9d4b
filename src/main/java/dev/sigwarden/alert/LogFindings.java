package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Severity;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/// Findings about a log or ledger itself, which no watch has part in.
final class LogFindings {
  private final String tenant;
  private final Clock clock;

  LogFindings(String tenant, Clock clock) {
    this.tenant = tenant;
    this.clock = clock;
  }

  /// One that was just opened.
  ///
  /// @param rule what tells it from others of its kind in the same place; empty if there is one
  /// @param place the entry's index, or another number that tells it from others; negative for none
  /// @param what fields on what it is about
  /// @param check commands that check it
  Alert opened(
      Kind kind,
      Severity severity,
      String rule,
      long place,
      WhereSeen where,
      String why,
      Fields what,
      Instant firstSeen,
      List<String> check,
      List<String> steps) {
    String uid = FindingId.finding(tenant, kind.label() + rule, where.logId(), place);
    return new Alert(
            uid,
            1,
            Alert.Event.OPENED,
            kind,
            severity,
            kind.title(),
            why,
            Sanitizer.clean(where.log()),
            "",
            "",
            "",
            Alerts.millis(firstSeen),
            Alerts.millis(clock.instant()),
            List.of(),
            what.list(),
            new Fields().add("first-seen", Alerts.millis(firstSeen).toString()).list(),
            Alerts.where(where),
            List.of(),
            check,
            steps)
        .withActs(Acts.of(uid));
  }
}
