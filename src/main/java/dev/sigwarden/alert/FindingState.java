package dev.sigwarden.alert;

/// Where a finding is in its life. Only people move it; nothing in a log does.
public enum FindingState {
  /// Nobody has taken it: reminders and escalations go on.
  OPEN("open"),
  /// Somebody looks into it.
  ACKNOWLEDGED("acknowledged"),
  /// Somebody has judged it.
  CLOSED("closed");

  private final String label;

  FindingState(String label) {
    this.label = label;
  }

  /// The name used in the database and the API.
  public String label() {
    return label;
  }
}
