package dev.sigwarden.text;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Folds text at its spaces so that it can be read in a narrow window. A word that is longer than a
/// line, such as a digest or an address, stays whole on a line of its own, so that it can be
/// copied.
///
/// Lines that continue a field are indented further than any field, and those of a numbered list as
/// far as its text: nothing inside a long value can pass for a line of its own.
public final class Fold {
  /// What a line begins with that is continued below: a field's name and its padding, a number, or
  /// blanks.
  private static final Pattern START = Pattern.compile("( +\\S+ {2,})|( +\\d+ )|( *)");

  /// How far the lines are indented that continue a field.
  private static final int FIELD = 4;

  private Fold() {}

  /// The text with its lines folded.
  ///
  /// @param width characters of a line
  /// @param whole lines that stay as they are, without blanks around them: commands
  public static String at(int width, String text, Set<String> whole) {
    StringBuilder out = new StringBuilder(text.length() + text.length() / 16);
    for (String line : text.split("\n", -1)) {
      if (line.length() <= width || whole.contains(line.strip())) {
        out.append(line);
      } else {
        fold(out, line, width);
      }
      out.append('\n');
    }
    out.setLength(out.length() - 1);
    return out.toString();
  }

  private static void fold(StringBuilder out, String line, int width) {
    Matcher start = START.matcher(line);
    String head = start.lookingAt() ? start.group() : "";
    String below = " ".repeat(start.group(1) == null ? head.length() : FIELD);
    int begin = out.length();
    out.append(head);
    // Whether a word stands on the line, so that a longer one has to leave it.
    boolean taken = !head.isBlank();
    for (String word : line.substring(head.length()).split(" ", 0)) {
      int length = out.length() - begin;
      boolean blank = length > 0 && out.charAt(out.length() - 1) != ' ';
      if (taken && length + (blank ? 1 : 0) + word.length() > width) {
        out.setLength(out.length() - blanksAtEnd(out, begin));
        out.append('\n');
        begin = out.length();
        out.append(below);
        blank = false;
      }
      out.append(blank ? " " : "").append(word);
      taken = true;
    }
  }

  private static int blanksAtEnd(StringBuilder out, int from) {
    int end = out.length();
    while (end > from && out.charAt(end - 1) == ' ') {
      end--;
    }
    return out.length() - end;
  }
}
