package dev.sigwarden.alert;

/// What sort of trouble an alert speaks of; kept apart everywhere.
public enum Family {
  /// A log lied, or may have.
  INTEGRITY,
  /// A watched identity signed something, or an entry could not be judged.
  IDENTITY,
  /// Sigwarden's own work is hindered: a log unreachable, a receiver refusing.
  OPERATIONAL,
  /// A test.
  DRILL;

  /// The name used in configuration and alerts: lowercase.
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
