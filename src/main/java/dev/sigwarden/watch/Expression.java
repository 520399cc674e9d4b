package dev.sigwarden.watch;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.MatchResult;

/// Regular expressions of operators and callers: RE2, which takes time linear in the text, and
/// bounded, since RE2/J writes each repetition out and `((a{1000}){1000}){1000}` would need all
/// memory.
public final class Expression {
  /// The longest expression, in characters.
  static final int MAX_CHARS = 1_000;

  /// What all counted repetitions of one expression may multiply to.
  static final int MAX_REPEATS = 1_000;

  private static final java.util.regex.Pattern REPEATS =
      java.util.regex.Pattern.compile("\\{(\\d+),?(\\d*)\\}");

  private Expression() {}

  /// Compiles one.
  ///
  /// @param flags of `Pattern`
  /// @throws PatternSyntaxException whose description says what was found and expected
  public static Pattern compile(String expression, int flags) {
    if (expression.length() > MAX_CHARS) {
      throw new PatternSyntaxException(
          "%d characters (expected: at most %d)".formatted(expression.length(), MAX_CHARS));
    }
    if (repeats(expression) > MAX_REPEATS) {
      throw new PatternSyntaxException("repetitions that multiply to more than " + MAX_REPEATS);
    }
    return Pattern.compile(expression, flags);
  }

  private static long repeats(String expression) {
    long product = 1;
    for (MatchResult repeat : REPEATS.matcher(expression).results().toList()) {
      String count = repeat.group(2).isEmpty() ? repeat.group(1) : repeat.group(2);
      // Five digits are more than the bound already.
      long times = count.length() > 4 ? MAX_REPEATS + 1L : Math.max(1, Long.parseLong(count));
      product = Math.min(product * times, MAX_REPEATS + 1L);
    }
    return product;
  }
}
