package dev.sigwarden.api;

import java.util.Objects;

/// A call that is not done, with the status and the one line that the caller gets.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int BAD_REQUEST = 400;
  static final int UNAUTHENTICATED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int TOO_MANY = 429;
  static final int UNAVAILABLE = 503;

  private final int status;

  private Refused(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /// Something in the call is not what it should be.
  static Refused wrong(String name, String found, String expected) {
    return new Refused(BAD_REQUEST, "%s: %s (expected: %s)".formatted(name, found, expected));
  }

  /// The same, in words that already say what was found and expected.
  static Refused wrong(String why) {
    return new Refused(BAD_REQUEST, why);
  }

  /// There is no such thing.
  static Refused unknown(String what) {
    return new Refused(NOT_FOUND, what);
  }

  /// The caller may not do this.
  static Refused forbidden(String why) {
    return new Refused(FORBIDDEN, why);
  }

  /// What is there does not allow this.
  static Refused conflict(String why) {
    return new Refused(CONFLICT, why);
  }

  int status() {
    return status;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
