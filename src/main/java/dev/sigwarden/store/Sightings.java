package dev.sigwarden.store;

import dev.sigwarden.alert.Surroundings;
import java.time.Instant;
import java.util.Optional;

/// What was seen of one identity, over all logs and watches.
///
/// @param entries how many entries by it were selected, at most `MOST`
/// @param first when the first of all was; empty if there was none
public record Sightings(long entries, Optional<Instant> first) {
  /// Entries that are counted: a flood must not make its own alerts slow.
  public static final int MOST = Surroundings.MANY;
}
