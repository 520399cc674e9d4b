package dev.sigwarden.bundle;

import java.time.Instant;
import java.util.Optional;

/// Whether a log of the trusted root holds an entry of a bundle.
public sealed interface LogVerdict {
  /// The entry is in a tree that the log signed.
  ///
  /// @param log the log, as the trusted root names it
  /// @param origin the first line of its checkpoint
  /// @param index the entry's index in the tree
  /// @param treeSize entries in the tree
  /// @param integrated when the log took the entry, if it signed that
  record Proven(String log, String origin, long index, long treeSize, Optional<Instant> integrated)
      implements LogVerdict {}

  /// The log signed that it would take the entry, and no more: all that bundles of version 0.1 need
  /// to have.
  ///
  /// @param log the log, as the trusted root names it
  /// @param index the entry's index over all shards of the log
  /// @param integrated when the log took the entry
  record Promised(String log, long index, Instant integrated) implements LogVerdict {}

  /// What the bundle says of the log does not hold, or the log is none of the trusted root's.
  ///
  /// @param why what was found and what was expected; may hold text from the bundle
  record Refused(String why) implements LogVerdict {}

  /// When the log took the entry, if it signed that.
  default Optional<Instant> time() {
    return switch (this) {
      case Proven proven -> proven.integrated();
      case Promised promised -> Optional.of(promised.integrated());
      case Refused _ -> Optional.empty();
    };
  }
}
