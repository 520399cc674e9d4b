package dev.sigwarden.cose;

import java.util.Objects;

/// Bytes that are not what they should be. The message says what was found and what was expected,
/// and holds nothing of foreign text but what `Shown` makes of it.
public final class MalformedCoseException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedCoseException(String message) {
    super(message);
  }

  MalformedCoseException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What was found and what was expected; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
