package dev.sigwarden.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Makes any text safe to show: one line, only visible characters, bounded. Every string that did
/// not come from our own source passes it once before it enters an `Alert`; escaping for a channel
/// comes after it and is the channel's.
///
/// A code point that is invisible, changes the direction of text, is a control, or is not a
/// character at all is shown as a backslash and `u{202E}` (uppercase hex). Nothing is normalised:
/// two different identities never become the same text by being composed or folded. A backslash
/// stays as it is, so a log can hold the characters of an escape itself; that harms nobody.
///
/// Cleaning a cleaned text changes nothing unless the escapes made it longer than the limit, in
/// which case it is cut again.
public final class Sanitizer {
  /// Code points of one value that are shown: a long certificate name fits, a page of text does
  /// not.
  public static final int MAX_CODE_POINTS = 512;

  /// Items of one list that are shown.
  public static final int MAX_ITEMS = 20;

  private Sanitizer() {}

  /// The text in safe form, at most `MAX_CODE_POINTS` of its code points.
  public static String clean(String text) {
    return clean(text, MAX_CODE_POINTS);
  }

  /// The text in safe form, at most `max` of its code points, then `…[+N]` for the `N` left out.
  public static String clean(String text, int max) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), max) + 16);
    int at = 0;
    for (int shown = 0; shown < max && at < text.length(); shown++) {
      int codePoint = text.codePointAt(at);
      append(out, codePoint);
      at += Character.charCount(codePoint);
    }
    if (at < text.length()) {
      out.append("…[+").append(text.codePointCount(at, text.length())).append(']');
    }
    return out.toString();
  }

  /// Each text in safe form, at most `MAX_ITEMS` of them, then one item `…[+N]` for the `N` left
  /// out.
  public static List<String> cleanAll(List<String> texts) {
    List<String> out = new ArrayList<>(Math.min(texts.size(), MAX_ITEMS + 1));
    for (String text : texts.subList(0, Math.min(texts.size(), MAX_ITEMS))) {
      out.add(clean(text));
    }
    if (texts.size() > MAX_ITEMS) {
      out.add("…[+" + (texts.size() - MAX_ITEMS) + "]");
    }
    return List.copyOf(out);
  }

  /// Whether `clean` would cut the text.
  public static boolean cuts(String text) {
    return text.length() > MAX_CODE_POINTS
        && text.codePointCount(0, text.length()) > MAX_CODE_POINTS;
  }

  private static void append(StringBuilder out, int codePoint) {
    if (isShown(codePoint)) {
      out.appendCodePoint(codePoint);
    } else {
      out.append("\\u{")
          .append(Integer.toHexString(codePoint).toUpperCase(Locale.ROOT))
          .append('}');
    }
  }

  /// Whether the code point is shown as itself.
  public static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> codePoint != 0xFFFD && !isInvisible(codePoint);
    };
  }

  /// Code points that draw nothing although their type says letter, mark or symbol: Hangul fillers,
  /// the empty Braille pattern, variation selectors, the grapheme joiner, Khmer inherent vowels.
  private static boolean isInvisible(int codePoint) {
    return switch (codePoint) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default ->
          within(codePoint, 0x180B, 0x180F)
              || within(codePoint, 0xFE00, 0xFE0F)
              || within(codePoint, 0xE0100, 0xE01EF);
    };
  }

  private static boolean within(int codePoint, int first, int last) {
    return codePoint >= first && codePoint <= last;
  }
}
