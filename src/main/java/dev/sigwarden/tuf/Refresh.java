package dev.sigwarden.tuf;

/// What asking a repository came to.
public sealed interface Refresh {
  /// Everything holds now.
  record Fresh(Target target) implements Refresh {}

  /// What the repository serves is not to be believed: signatures missing, a version that went
  /// back, a file that was altered, metadata that expired.
  ///
  /// @param why the file, what was found and what was expected; may hold the repository's text
  record Refused(String why) implements Refresh {}

  /// Nothing was learnt.
  record Unavailable(String why) implements Refresh {}
}
