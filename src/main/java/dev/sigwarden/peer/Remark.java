package dev.sigwarden.peer;

/// Something to know of an import.
///
/// @param level what it means for what is watched
/// @param path where in the file: `monitoredValues.certIdentities[0].certSubject`
/// @param text what was found and what became of it; may hold text of the file, unbounded and as it
///   stands there
public record Remark(Level level, String path, String text) {
  /// What a remark means.
  public enum Level {
    /// Carried over; this is how.
    NOTE("note"),
    /// Never matched anything, or is not what its author meant.
    WARNING("warning"),
    /// Left out.
    NOT_CARRIED_OVER("not carried over");

    private final String label;

    Level(String label) {
      this.label = label;
    }

    /// The word used in reports.
    public String label() {
      return label;
    }
  }
}
