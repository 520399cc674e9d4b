package dev.sigwarden.store;

import java.util.Objects;

/// The database failed: full disk, locked file, lost connection. Nothing was written; the caller's
/// turn ends and the next one tries again. Unchecked, and caught only at the boundary of a turn or
/// a worker.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// With what was found and what was expected.
  public StoreException(String message) {
    super(message);
  }

  /// With what was being done and what the database said.
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
