package dev.sigwarden.cose;

import java.util.Objects;

/// Well-formed bytes in a form that is not known here: nothing is learnt from them, good or bad.
public final class UnsupportedCoseException extends Exception {
  private static final long serialVersionUID = 1L;

  UnsupportedCoseException(String message) {
    super(message);
  }

  /// What was found and what is known; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
