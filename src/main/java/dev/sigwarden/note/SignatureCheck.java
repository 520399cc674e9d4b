package dev.sigwarden.note;

import java.time.Instant;

/// What a note's signatures say for one key.
public sealed interface SignatureCheck {
  /// The key signed this text.
  ///
  /// @param time when, as the signature states it; `Instant.EPOCH` if it states none
  record Valid(Instant time) implements SignatureCheck {
    /// Whether the signature states a time.
    public boolean timed() {
      return !time.equals(Instant.EPOCH);
    }
  }

  /// A signature carries the key's name and id and is not the key's over this text. Not to be
  /// believed whatever other signatures say.
  ///
  /// @param why for people; bounded and printable
  record Invalid(String why) implements SignatureCheck {}

  /// No signature carries the key's name and id.
  record Absent() implements SignatureCheck {}
}
