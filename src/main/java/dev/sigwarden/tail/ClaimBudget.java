package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many unverified claims of one watch are told in 24 hours: anybody can write any number of
/// them into an open log. Each is recorded with its evidence; the last one that is told says that
/// the next ones will not be.
///
/// @param perDay `>= 1`
record ClaimBudget(Store store, int perDay) {
  private static final Duration WINDOW = Duration.ofDays(1);

  /// These findings, which are written together, without receivers for claims beyond the budget.
  List<Filing> limit(List<Filing> filings, Instant now) {
    Map<String, Long> told = new HashMap<>();
    List<Filing> limited = new ArrayList<>(filings.size());
    for (Filing filing : filings) {
      Alert alert = filing.finding().alert();
      if (alert.kind() != Kind.UNVERIFIED_CLAIM) {
        limited.add(filing);
        continue;
      }
      long before =
          told.computeIfAbsent(
              alert.watch(), watch -> store.findings(alert.kind(), watch, now.minus(WINDOW)));
      told.put(alert.watch(), before + 1);
      limited.add(limited(filing, before));
    }
    return limited;
  }

  private Filing limited(Filing filing, long before) {
    if (before >= perDay) {
      return new Filing(filing.finding(), List.of());
    }
    if (before < perDay - 1) {
      return filing;
    }
    Finding finding = filing.finding();
    Field last =
        new Field(
            "budget",
            "used up: further claims of this watch within 24 h are recorded, not told",
            false);
    return new Filing(
        new Finding(
            finding.alert().withScope(last), finding.branch(), finding.index(), finding.evidence()),
        filing.receivers());
  }
}
