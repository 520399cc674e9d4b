package dev.sigwarden.entry.der;

/// Bytes are not DER, or not the element that was expected. Has no stack trace, since an entry can
/// provoke it at will.
public final class MalformedDerException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what was found and what was expected; holds no text from the entry.
  public MalformedDerException(String message) {
    super(message, null, false, false);
  }
}
