package dev.sigwarden.watch;

import java.time.Instant;

/// What a watch says of a signing event that it selected.
public sealed interface Verdict {
  /// Meant to happen.
  ///
  /// @param because which allowlist and requirement were met
  record Expected(String because) implements Verdict {}

  /// Not on an allowlist yet, and still within the watch's grace.
  ///
  /// @param until when the grace ends
  /// @param because what is missing
  record Pending(Instant until, String because) implements Verdict {}

  /// Not meant to happen, or a watch that reports every use.
  ///
  /// @param because what failed, in the operator's words (watch, allowlist, requirement)
  record Unexpected(String because) implements Verdict {}
}
