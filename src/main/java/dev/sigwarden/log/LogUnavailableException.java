package dev.sigwarden.log;

import java.util.Objects;

/// Nothing was learnt from the log: it did not answer, or answered that it cannot now. The next
/// turn asks again. The message names the address and what happened.
public final class LogUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what happened.
  public LogUnavailableException(String message) {
    super(message);
  }

  /// With what happened and why.
  public LogUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
