package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Plan;
import java.util.List;

/// A condition to open or resolve.
///
/// @param alert what to tell; its revision is replaced by the store's count of tellings
/// @param plan who is told, and how
public record Condition(Alert alert, Plan plan) {
  /// One that these are told of at once.
  public Condition(Alert alert, List<String> receivers) {
    this(alert, Plan.of(receivers));
  }
}
