package dev.sigwarden.entry.x509;

/// Bytes in an entry are no certificate or key, or one that cannot be read to its end. Has no stack
/// trace, since an entry can provoke it at will.
public final class MalformedSignerException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what was found and what was expected; may hold text from the entry.
  public MalformedSignerException(String message) {
    super(message, null, false, false);
  }
}
