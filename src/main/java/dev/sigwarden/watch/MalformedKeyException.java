package dev.sigwarden.watch;

/// A file that should hold a public key, certificate or request and does not; the message says what
/// was found, without any of the text.
public final class MalformedKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedKeyException(String message) {
    super(message);
  }

  MalformedKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
