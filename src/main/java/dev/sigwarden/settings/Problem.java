package dev.sigwarden.settings;

/// Something wrong, or at least unwise, in a configuration. Never holds a secret.
///
/// @param file the file, as given by the operator
/// @param line the line, `>= 1`; 0 if not known
/// @param path where: `logs.rekor-2025.poll`; empty for the file as a whole
/// @param found what stands there, bounded and printable, with the nearest known name where one was
///   misspelt
/// @param expected what may stand there; empty if `found` says it all
/// @param warning whether the configuration may be used in spite of it
public record Problem(
    String file, int line, String path, String found, String expected, boolean warning) {
  /// A problem that forbids the use of the configuration.
  public Problem(String file, int line, String path, String found, String expected) {
    this(file, line, path, found, expected, false);
  }

  /// One line for people: `sigwarden.yaml:12: logs.a.poll: "10" (expected: a duration …)`.
  public String format() {
    StringBuilder text = new StringBuilder(file);
    if (line > 0) {
      text.append(':').append(line);
    }
    text.append(": ").append(warning ? "warning: " : "");
    if (!path.isEmpty()) {
      text.append(path).append(": ");
    }
    text.append(found);
    // The message of a parser often says itself what it expected, and knows better.
    if (!expected.isEmpty() && !found.contains(" (expected: ")) {
      text.append(" (expected: ").append(expected).append(')');
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return format();
  }
}
