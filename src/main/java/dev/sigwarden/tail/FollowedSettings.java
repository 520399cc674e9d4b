package dev.sigwarden.tail;

/// One log or ledger of the configuration, or of a family's list.
public sealed interface FollowedSettings extends BlockSettings permits LogSettings, LedgerSettings {
  /// The first line of its checkpoints; for a ledger, the issuer of its receipts.
  String origin();
}
