package dev.sigwarden.tuf;

import java.util.Objects;

/// What was served or read is not what its keys vouch for, or not well-formed. The message names
/// the file, what was found and what was expected; it may hold text from the repository.
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what was found and what was expected.
  public RefusedException(String message) {
    super(message);
  }

  /// What was found and what was expected; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
