package dev.sigwarden.notify;

import java.io.IOException;

/// A receiver cannot be told before a person changes something: a secret that cannot be read, an
/// address that is not allowed. The message is fit to be shown.
public final class UnusableException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnusableException(String message) {
    super(message);
  }
}
