package dev.sigwarden.log;

import dev.sigwarden.note.VerifierKey;
import java.util.List;

/// A configured family of logs that can be opened: shards that come and go without an edit of the
/// configuration.
@FunctionalInterface
public non-sealed interface FamilySource extends LogBlock {
  /// What the section says of whom to believe, for members that bring nothing of their own.
  ///
  /// @param origin the section's `origin`, or the name of its first key
  /// @param keys the section's keys, at least one
  record Trust(String origin, List<VerifierKey> keys) {
    public Trust {
      keys = List.copyOf(keys);
    }
  }

  /// The family; fetches nothing yet.
  LogFamily open(LogTools tools, Trust trust);
}
