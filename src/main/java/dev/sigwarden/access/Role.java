package dev.sigwarden.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a caller of the API is.
public enum Role {
  /// Sees everything that is no secret.
  VIEWER,
  /// Also works on findings, silences and deliveries.
  RESPONDER,
  /// A release pipeline: adds to the allowlists that its token names, and nothing else. It sees
  /// nothing, so that who steals the token learns nothing of what is watched.
  RELEASE,
  /// May do all of it.
  ADMIN;

  /// The name used in configuration, commands and answers: lowercase.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The role of that name.
  public static Optional<Role> of(String label) {
    return Arrays.stream(values()).filter(role -> role.label().equals(label)).findFirst();
  }

  /// Whether the role allows that.
  public boolean may(Permission permission) {
    return switch (permission) {
      case CALL -> true;
      case READ -> this != RELEASE;
      case RESPOND -> this == RESPONDER || this == ADMIN;
      case ALLOW -> this == RELEASE || this == ADMIN;
      case ADMINISTER -> this == ADMIN;
    };
  }
}
