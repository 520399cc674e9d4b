package dev.sigwarden.settings;

import dev.sigwarden.text.Sanitizer;

/// Text of a configuration file as it may stand in a message: bounded, on one line, without
/// characters that a terminal obeys.
final class Printable {
  /// Code points shown of one value.
  private static final int MAX_SHOWN = 120;

  private Printable() {}

  /// The text without quotes.
  static String bare(String text) {
    return Sanitizer.clean(text, MAX_SHOWN);
  }

  /// The text in double quotes.
  static String quoted(String text) {
    return '"' + bare(text) + '"';
  }
}
