package dev.sigwarden.note;

import java.util.Objects;

/// Bytes that are not a signed note, a checkpoint, a verifier key or a policy; the message says the
/// value found and what was expected, bounded and printable.
public final class MalformedNoteException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Says what was found and what was expected.
  public MalformedNoteException(String message) {
    super(message);
  }

  MalformedNoteException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
