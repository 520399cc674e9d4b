package dev.sigwarden.alert;

/// A text that should be an alert's JSON is not: cut, damaged, or of a later version that knows
/// kinds which this one does not.
public final class MalformedAlertException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what was found and what was expected; holds none of the text.
  public MalformedAlertException(String message) {
    super(message);
  }
}
