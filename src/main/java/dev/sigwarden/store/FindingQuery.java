package dev.sigwarden.store;

import dev.sigwarden.alert.Family;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.watch.Severity;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which findings are asked for: those that are as every part says; an empty part says nothing.
///
/// @param states one of these
/// @param families one of these
/// @param kinds one of these
/// @param severities one of these
/// @param watch the operator's name of the watch
/// @param log the operator's name of the log
/// @param since opened then or later
public record FindingQuery(
    Set<FindingState> states,
    Set<Family> families,
    Set<Kind> kinds,
    Set<Severity> severities,
    Optional<String> watch,
    Optional<String> log,
    Optional<Instant> since) {
  /// Every finding.
  public static final FindingQuery ALL = in(Set.of());

  public FindingQuery {
    states = Set.copyOf(states);
    families = Set.copyOf(families);
    kinds = Set.copyOf(kinds);
    severities = Set.copyOf(severities);
  }

  /// Findings in one of these states.
  public static FindingQuery in(Set<FindingState> states) {
    return new FindingQuery(
        states, Set.of(), Set.of(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// The place of a finding in the order of answers: the newest first.
  ///
  /// @param openedAt when it was opened
  /// @param uid its id, among those opened at the same time
  public record Place(Instant openedAt, String uid) {}
}
