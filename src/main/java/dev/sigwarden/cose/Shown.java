package dev.sigwarden.cose;

/// Foreign text as a message may show it.
final class Shown {
  /// Characters of foreign text that a message shows.
  private static final int MAX_CHARS = 120;

  private Shown() {}

  /// Quoted, printable ASCII, at most 120 characters of it.
  static String text(String text) {
    StringBuilder shown = new StringBuilder("\"");
    int end = Math.min(text.length(), MAX_CHARS);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      shown.append(c < ' ' || c > '~' || c == '"' ? '?' : c);
    }
    return shown.append(end < text.length() ? "\"..." : "\"").toString();
  }

  /// What kind of item it is, and its value where that is short.
  static String item(Cbor item) {
    return switch (item) {
      case Cbor.Int(long value) -> Long.toString(value);
      case Cbor.Text(String value) -> text(value);
      case Cbor.Bytes bytes -> bytes.length() + " bytes";
      case Cbor.Array(var items) -> "an array of " + items.size();
      case Cbor.Table(var entries) -> "a map of " + entries.size();
      case Cbor.Tagged(long tag, var _) -> "tag " + tag;
      case Cbor.Bool(boolean value) -> Boolean.toString(value);
      case Cbor.Nil _ -> "null";
      case Cbor.Other _ -> "a float or simple value";
    };
  }
}
