package dev.sigwarden.log;

import dev.sigwarden.note.VerifierKey;
import java.util.List;

/// A configured family of logs that can be opened: logs that come and go without an edit of the
/// configuration.
@FunctionalInterface
public non-sealed interface FamilySource extends LogBlock {
  /// What the section says of whom to believe.
  ///
  /// @param origin the section's `origin`, or the name of its first key; empty if a trusted root
  ///   names the logs
  /// @param keys the section's keys, for members that bring nothing of their own; empty if a
  ///   trusted root names the logs
  /// @param root the name of the section's trusted root; empty if it has none
  record Trust(String origin, List<VerifierKey> keys, String root) {
    public Trust {
      keys = List.copyOf(keys);
    }
  }

  /// The family; fetches nothing yet.
  LogFamily open(LogTools tools, Trust trust);
}
