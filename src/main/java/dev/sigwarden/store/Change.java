package dev.sigwarden.store;

/// What came of an attempt to move a finding.
public sealed interface Change {
  /// It was moved, or commented on.
  ///
  /// @param now how it stands
  record Done(Tracked now) implements Change {}

  /// It cannot be moved like that from where it is; nothing was written.
  ///
  /// @param now how it stands
  /// @param why what stands and what was expected
  record Refused(Tracked now, String why) implements Change {}

  /// There is no such finding.
  record Unknown() implements Change {}
}
