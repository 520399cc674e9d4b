package dev.sigwarden.log;

import java.util.Optional;

/// What a section of `logs:` stands for: one log, or a family of logs.
public sealed interface LogBlock permits LogSource, FamilySource {
  /// Whom to believe, for protocols that say so in keys of their own; empty if the section says it
  /// with `key` and `origin`, which are read then.
  default Optional<FamilySource.Trust> trust() {
    return Optional.empty();
  }
}
