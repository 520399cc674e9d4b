package dev.sigwarden.cli;

import java.util.Objects;

/// Ends a command with one clear line on stderr and an exit code.
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /// With the exit code and what happened and what to do.
  CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /// The exit code.
  int exitCode() {
    return exitCode;
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
