package dev.sigwarden.alert;

/// What a finding turned out to be, as the person says who closes it.
public enum ClosingVerdict {
  /// Ours, or harmless.
  BENIGN("benign"),
  /// It was what it looked like.
  CONFIRMED("confirmed"),
  /// Somebody tried out the alert path.
  TEST("test");

  private final String label;

  ClosingVerdict(String label) {
    this.label = label;
  }

  /// The name used in the database and the API.
  public String label() {
    return label;
  }
}
