package dev.sigwarden.tuf;

import java.util.Objects;

/// Nothing was learnt: the repository did not answer, lacks a file that it names, or the cache
/// cannot be written. The next refresh asks again.
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what happened.
  public UnavailableException(String message) {
    super(message);
  }

  /// With what happened and why.
  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
