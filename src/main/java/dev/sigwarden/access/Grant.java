package dev.sigwarden.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What is kept of a token besides its hash.
///
/// @param name the operator's name for it
/// @param role what its bearer is
/// @param allowlists the allowlists that a `RELEASE` may add to
/// @param createdAt when it was made
/// @param createdBy who made it
/// @param expiresAt from when on it is worth nothing; empty for never
public record Grant(
    String name,
    Role role,
    Set<String> allowlists,
    Instant createdAt,
    String createdBy,
    Optional<Instant> expiresAt) {
  /// The form of a name.
  public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /// The longest life of a token, in days.
  public static final int MAX_DAYS = 3_650;

  public Grant {
    allowlists = Set.copyOf(allowlists);
  }

  /// Whether it is worth something at `now`.
  public boolean isValid(Instant now) {
    return expiresAt.isEmpty() || now.isBefore(expiresAt.get());
  }

  /// Its bearer.
  public Caller caller() {
    return new Caller("token:" + name, role, allowlists);
  }
}
