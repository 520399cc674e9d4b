package dev.sigwarden.lookalike;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Says in words where two names differ, which the eye does not see.
public final class Difference {
  /// Characters of each name that are named; the rest is counted.
  private static final int MAX_NAMED = 4;

  private Difference() {}

  /// What stands in `seen` in place of what stands in `watched`: code points by number and Unicode
  /// name, and the place of the first, counted from 1. Holds no character of either name.
  public static String between(String watched, String seen) {
    int[] one = watched.codePoints().toArray();
    int[] other = seen.codePoints().toArray();
    int shorter = Math.min(one.length, other.length);
    int start = 0;
    while (start < shorter && one[start] == other[start]) {
      start++;
    }
    int end = 0;
    while (end < shorter - start && one[one.length - 1 - end] == other[other.length - 1 - end]) {
      end++;
    }
    String gone = words(one, start, one.length - end);
    String come = words(other, start, other.length - end);
    String what;
    if (gone.isEmpty()) {
      what = come + " added";
    } else if (come.isEmpty()) {
      what = gone + " left out";
    } else {
      what = come + " in place of " + gone;
    }
    return what + " at character " + (start + 1);
  }

  private static String words(int[] text, int from, int to) {
    String named =
        Arrays.stream(text, from, Math.min(to, from + MAX_NAMED))
            .mapToObj(Difference::name)
            .collect(Collectors.joining(", "));
    int more = to - from - MAX_NAMED;
    return more > 0 ? named + " and %d more".formatted(more) : named;
  }

  private static String name(int codePoint) {
    String name = Character.getName(codePoint);
    String number = String.format(Locale.ROOT, "U+%04X", codePoint);
    return name == null ? number : number + " " + name;
  }
}
