package dev.sigwarden.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// The known name that a misspelt one most likely meant.
public final class Nearest {
  /// Edits (insert, delete, replace, swap of neighbours) up to which two names are alike.
  private static final int MAX_EDITS = 2;

  /// Characters beyond which a name is not compared: the work is the product of both lengths.
  private static final int MAX_LENGTH = 64;

  private Nearest() {}

  /// The nearest of `known` within two edits, one edit for words of up to three characters; upper
  /// and lower case, `_` and `-` count as equal. The first in iteration order wins a tie.
  public static Optional<String> of(String word, Collection<String> known) {
    // A team's things are called TEAM/NAME, and who means them often leaves the team out.
    Optional<String> qualified =
        known.stream().filter(name -> name.endsWith('/' + word)).findFirst();
    if (qualified.isPresent() && !word.isEmpty()) {
      return qualified;
    }
    String wanted = plain(word);
    int best = wanted.length() <= 3 ? 2 : MAX_EDITS + 1;
    Optional<String> nearest = Optional.empty();
    for (String candidate : known) {
      String name = plain(candidate);
      if (Math.max(wanted.length(), name.length()) > MAX_LENGTH
          || Math.abs(wanted.length() - name.length()) >= best) {
        continue;
      }
      int edits = edits(wanted, name);
      if (edits < best) {
        best = edits;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /// What a message adds of the nearest name: `, did you mean "x"?`, or nothing.
  public static String hint(String word, Collection<String> known) {
    return of(word, known).map(near -> ", did you mean \"" + near + "\"?").orElse("");
  }

  /// Notes a name that nothing has.
  ///
  /// @param what the name is of
  public static void require(
      Section section, String key, String what, String name, Collection<String> known) {
    if (!known.contains(name)) {
      section.problem(
          key,
          "unknown " + what + " " + name + hint(name, known),
          known.isEmpty() ? "none: there is no " + what : "one of " + String.join(", ", known));
    }
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The Damerau-Levenshtein distance in its optimal string alignment form, row by row.
  private static int edits(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }
}
