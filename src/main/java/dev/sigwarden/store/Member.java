package dev.sigwarden.store;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// A log that a family was seen to have.
///
/// @param name its name within the family
/// @param origin the first line of its checkpoints
/// @param start the index of the first entry that is read; empty for the newest head at first sight
/// @param keys the vkeys that were to sign them when that was looked at last
/// @param seen when it was seen first
public record Member(
    String name, String origin, OptionalLong start, List<String> keys, Instant seen) {
  public Member {
    keys = List.copyOf(keys);
  }
}
