package dev.sigwarden.watch;

/// A value in a selector that is no pattern; the message says what was found and expected.
final class MalformedPatternException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPatternException(String message) {
    super(message);
  }

  MalformedPatternException(String message, Throwable cause) {
    super(message, cause);
  }
}
