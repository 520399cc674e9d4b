package dev.sigwarden.watch;

/// How much a finding matters, the gravest first.
public enum Severity {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW,
  INFO;

  /// The name used in configuration and alerts: lowercase.
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
