package dev.sigwarden.store;

import dev.sigwarden.alert.Finding;
import java.util.List;

/// A finding together with the receivers that its routes chose; written only if its uid is new.
///
/// @param finding the finding
/// @param receivers names of receivers, each gets one pending delivery
/// @param perHour findings of the same log, kind, watch and hour of first sight that are told one
///   by one; one more is written without a delivery, and as `Untold`
public record Filing(Finding finding, List<String> receivers, int perHour) {
  /// Told however many there are.
  public static final int UNBOUNDED = 0;

  public Filing {
    receivers = List.copyOf(receivers);
  }

  /// A finding that is told however many there are.
  public Filing(Finding finding, List<String> receivers) {
    this(finding, receivers, UNBOUNDED);
  }
}
