package dev.sigwarden.store;

import java.util.Objects;

/// Somebody else moved the position or head meanwhile: the work is thrown away and the next turn
/// starts from what is stored.
public final class StaleStateException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what was expected and what is stored.
  public StaleStateException(String message) {
    super(message);
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
