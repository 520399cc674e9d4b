package dev.sigwarden.store;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Plan;
import java.util.List;

/// A finding together with who is to be told of it; written only if its uid is new.
///
/// @param finding the finding
/// @param plan who is told, and how; what is one too many for a receiver waits for its next digest,
///   and is counted as `Untold`
public record Filing(Finding finding, Plan plan) {
  /// A finding that these are told of at once, however many there are.
  public Filing(Finding finding, List<String> receivers) {
    this(finding, Plan.of(receivers));
  }
}
