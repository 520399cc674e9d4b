package dev.sigwarden.store;

import dev.sigwarden.alert.Finding;
import java.util.List;

/// A finding together with the receivers that its routes chose; written only if its uid is new.
///
/// @param finding the finding
/// @param receivers names of receivers, each gets one pending delivery
public record Filing(Finding finding, List<String> receivers) {
  public Filing {
    receivers = List.copyOf(receivers);
  }
}
