package dev.sigwarden.log;

import java.util.Objects;

/// The log answered with bytes that no honest log serves: a bundle cut short, surplus entries, a
/// tile of the wrong length. The message names the resource, what was found and what was expected.
public final class BadAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String resource;

  /// With the resource (an address or path) and what is wrong with it.
  public BadAnswerException(String resource, String message) {
    super(resource + ": " + message);
    this.resource = resource;
  }

  /// The address or path that was answered badly.
  public String resource() {
    return resource;
  }

  /// What happened; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
