package dev.sigwarden.tail;

import java.util.Objects;

/// Leaves that a log served, twice, are not the leaves of the tree that it signed. The message
/// names the range and what did not match.
public final class MismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long from;

  /// With the first index of the chunk and what did not match.
  MismatchException(long from, String message) {
    super(message);
    this.from = from;
  }

  /// The first index of the chunk that does not match.
  public long from() {
    return from;
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
