package dev.sigwarden.watch;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which literals are worth looking for.
final class Literals {
  /// Characters below which a literal occurs in too many values to be looked for.
  static final int MIN_CHARS = 3;

  /// Characters of a literal that are looked for: more make the automaton larger and sift no
  /// better.
  static final int MAX_CHARS = 64;

  /// Text that identities of many organisations share, the longest first: it tells nobody apart.
  private static final List<String> COMMONPLACES =
      List.of(
              "https://token.actions.githubusercontent.com",
              "https://login.microsoftonline.com",
              "https://github.com/login/oauth",
              "https://kubernetes.io/namespaces/",
              "https://accounts.google.com",
              ".iam.gserviceaccount.com",
              "https://gitlab.com/",
              "https://github.com/",
              "/.github/workflows/",
              "/serviceaccounts/",
              "/.gitlab-ci.yml",
              "@refs/heads/",
              "refs/heads/",
              "github-hosted",
              "@refs/tags/",
              "release.yml",
              "refs/tags/",
              "@gmail.com",
              "spiffe://",
              "https://",
              "public",
              ".yaml",
              "main",
              ".yml")
          .stream()
          .sorted(Comparator.comparingInt(String::length).reversed())
          .toList();

  private Literals() {}

  /// The characters of a literal that are not text shared by many identities.
  static int distinctive(String literal) {
    String rest = literal;
    for (String commonplace : COMMONPLACES) {
      rest = rest.replace(commonplace, "");
    }
    return rest.length();
  }

  /// The literal in pieces of at most `MAX_CHARS`, each of which it contains: its start and its
  /// end.
  static Set<String> pieces(String literal) {
    if (literal.length() <= MAX_CHARS) {
      return Set.of(literal);
    }
    Set<String> pieces = new LinkedHashSet<>();
    pieces.add(window(literal, 0, MAX_CHARS));
    pieces.add(window(literal, literal.length() - MAX_CHARS, literal.length()));
    return pieces;
  }

  /// The characters in `[from, to)` without half a surrogate pair at either end.
  private static String window(String literal, int from, int to) {
    int start = from > 0 && Character.isLowSurrogate(literal.charAt(from)) ? from + 1 : from;
    boolean cut = to < literal.length() && Character.isHighSurrogate(literal.charAt(to - 1));
    return literal.substring(start, cut ? to - 1 : to);
  }

  /// At most `max` characters of a literal, those that tell most.
  static String telling(String literal, int max) {
    if (literal.length() <= max) {
      return literal;
    }
    int from = 0;
    for (String commonplace : COMMONPLACES) {
      if (literal.startsWith(commonplace) && literal.length() - commonplace.length() >= max / 2) {
        from = commonplace.length();
        break;
      }
    }
    return window(literal, from, Math.min(literal.length(), from + max));
  }

  /// The UTF-8 bytes of a text, one character for each.
  static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
