package dev.sigwarden.lookalike;

/// Single edits between two names: a character more, less or other, or two neighbours swapped
/// (Damerau).
public final class Edit {
  private Edit() {}

  /// Whether exactly one edit lies between the names.
  public static boolean isOne(String one, String other) {
    String shorter = one.length() <= other.length() ? one : other;
    String longer = one.length() <= other.length() ? other : one;
    int start = 0;
    while (start < shorter.length() && shorter.charAt(start) == longer.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter.length() - start
        && shorter.charAt(shorter.length() - 1 - end) == longer.charAt(longer.length() - 1 - end)) {
      end++;
    }
    int leftShorter = shorter.length() - start - end;
    int leftLonger = longer.length() - start - end;
    boolean swapped =
        leftShorter == 2
            && leftLonger == 2
            && shorter.charAt(start) == longer.charAt(start + 1)
            && shorter.charAt(start + 1) == longer.charAt(start);
    return swapped || (leftLonger == 1 && leftShorter <= 1);
  }
}
