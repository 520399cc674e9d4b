package dev.sigwarden.entry;

import dev.sigwarden.text.Sanitizer;

/// What decoding an entry gave.
public sealed interface Decoded {
  /// The entry was understood.
  record Event(SigningEvent event) implements Decoded {}

  /// The entry was not understood.
  ///
  /// @param reason what was found and what was expected, sanitised and bounded; may hold text from
  ///   the entry
  record Undecodable(String reason) implements Decoded {
    /// The longest reason in code points: a few lines, enough to name what was found.
    static final int MAX_REASON = 400;

    public Undecodable {
      reason = Sanitizer.clean(reason, MAX_REASON);
    }
  }
}
