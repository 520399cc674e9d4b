package dev.sigwarden.cli;

/// Exit codes of all commands.
final class Exit {
  /// All is well.
  static final int OK = 0;

  /// `scan` found something, or `check` did.
  static final int FINDINGS = 1;

  /// Wrong usage or configuration.
  static final int USAGE = 2;

  /// A log misbehaved.
  static final int MISBEHAVED = 3;

  /// Nothing was learnt: unreachable, no such file, disk full.
  static final int OPERATIONAL = 4;

  /// Neither proven nor disproven: what would tell is not at hand, a key for example.
  static final int UNPROVEN = 5;

  private Exit() {}
}
