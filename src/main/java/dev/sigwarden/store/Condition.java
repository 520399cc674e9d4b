package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import java.util.List;

/// A condition to open or resolve.
///
/// @param alert what to tell; its revision is replaced by the store's count of tellings
/// @param receivers names of receivers
public record Condition(Alert alert, List<String> receivers) {
  public Condition {
    receivers = List.copyOf(receivers);
  }
}
