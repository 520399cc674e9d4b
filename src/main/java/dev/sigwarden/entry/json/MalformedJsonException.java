package dev.sigwarden.entry.json;

/// Bytes are not JSON, or not JSON of the form that was expected. Has no stack trace, since an
/// entry can provoke it at will.
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what was found and what was expected; may hold text from the entry.
  public MalformedJsonException(String message) {
    super(message, null, false, false);
  }
}
