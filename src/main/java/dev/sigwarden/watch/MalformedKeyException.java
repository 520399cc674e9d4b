package dev.sigwarden.watch;

/// A file that should name a public key and does not; the message says what was found, without any
/// of the text.
final class MalformedKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedKeyException(String message) {
    super(message);
  }

  MalformedKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
