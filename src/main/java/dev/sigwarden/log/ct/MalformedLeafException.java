package dev.sigwarden.log.ct;

import java.util.Objects;

/// Bytes that are not the leaf that they ought to be; the message says what was found and what was
/// expected.
final class MalformedLeafException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLeafException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
