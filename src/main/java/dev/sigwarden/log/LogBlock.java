package dev.sigwarden.log;

import java.util.Optional;

/// What a section of `logs:` stands for: one log, a family of logs, or a ledger, whose entries
/// receipts prove.
public sealed interface LogBlock permits LogSource, FamilySource, LedgerSource {
  /// Whom to believe, for protocols that say so in keys of their own; empty if the section says it
  /// with `key` and `origin`, which are read then.
  default Optional<FamilySource.Trust> trust() {
    return Optional.empty();
  }
}
