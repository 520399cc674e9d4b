package dev.sigwarden.watch;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What one value of a certificate or entry has to look like, always as a whole, by exact code
/// points: nothing is normalised or case-folded.
///
/// Three forms in configuration: the value itself; a glob, in which each `*` stands for any run of
/// characters, also none, also with `/` or line breaks, and nothing else is special; `re:` and an
/// RE2 expression, in which `.` stands for line breaks too. A `*` itself, or a value that starts
/// with `re:`, is written as an expression.
sealed interface ValuePattern
    permits HostPattern, ValuePattern.Exact, ValuePattern.Glob, ValuePattern.Regex {
  /// The longest pattern in characters: identities are shorter than 2,048.
  int MAX_PATTERN_CHARS = 4_096;

  /// The longest value in characters that is given to an expression. RE2 takes time in proportion
  /// to value and expression; this bound keeps one hostile value below a few milliseconds. What
  /// happens beyond it is said at `matches` and `holds`.
  int MAX_REGEX_INPUT = 8_192;

  /// Whether the value may be one that the pattern selects. Of a value too long for an expression
  /// only its literals are asked, so an attacker cannot escape a watch by length.
  boolean matches(String value);

  /// Whether the value certainly is as required: false for a value too long for an expression.
  boolean holds(String value);

  /// Whether no value can be told apart by it.
  boolean matchesEverything();

  /// Sets of literals, any number of them, none empty: each value that matches contains a member of
  /// every set.
  List<Set<String>> literals();

  /// Reads a pattern as configuration writes it.
  static ValuePattern of(String text) throws MalformedPatternException {
    if (text.isEmpty()) {
      throw new MalformedPatternException("an empty value");
    }
    if (text.length() > MAX_PATTERN_CHARS) {
      throw new MalformedPatternException(
          "%d characters (expected: at most %d)".formatted(text.length(), MAX_PATTERN_CHARS));
    }
    if (text.startsWith("re:")) {
      return Regex.of(text.substring("re:".length()));
    }
    return text.indexOf('*') < 0 ? new Exact(text) : Glob.of(text);
  }

  /// One value.
  record Exact(String value) implements ValuePattern {
    @Override
    public boolean matches(String other) {
      return value.equals(other);
    }

    @Override
    public boolean holds(String other) {
      return value.equals(other);
    }

    @Override
    public boolean matchesEverything() {
      return false;
    }

    @Override
    public List<Set<String>> literals() {
      return List.of(Set.of(value));
    }
  }

  /// Pieces that follow each other with anything between.
  ///
  /// @param pieces what stands before, between and after the stars, `>= 2` pieces; the first and
  ///   last may be empty
  record Glob(List<String> pieces) implements ValuePattern {
    public Glob {
      pieces = List.copyOf(pieces);
    }

    static Glob of(String text) {
      List<String> pieces = new ArrayList<>();
      int from = 0;
      for (int star = text.indexOf('*'); star >= 0; star = text.indexOf('*', from)) {
        if (pieces.isEmpty() || star > from) {
          pieces.add(text.substring(from, star));
        }
        from = star + 1;
      }
      pieces.add(text.substring(from));
      return new Glob(pieces);
    }

    /// Each inner piece at its first place after the one before: if any placing fits, this one
    /// does.
    @Override
    public boolean matches(String value) {
      String first = pieces.getFirst();
      String last = pieces.getLast();
      int end = value.length() - last.length();
      if (first.length() > end || !value.startsWith(first) || !value.endsWith(last)) {
        return false;
      }
      int at = first.length();
      for (int i = 1; i < pieces.size() - 1; i++) {
        String piece = pieces.get(i);
        int found = value.indexOf(piece, at, end);
        if (found < 0) {
          return false;
        }
        at = found + piece.length();
      }
      return true;
    }

    @Override
    public boolean holds(String value) {
      return matches(value);
    }

    @Override
    public boolean matchesEverything() {
      return pieces.stream().allMatch(String::isEmpty);
    }

    @Override
    public List<Set<String>> literals() {
      return pieces.stream().filter(piece -> !piece.isEmpty()).map(Set::of).toList();
    }
  }

  /// An RE2 expression, matched whole.
  record Regex(Pattern pattern) implements ValuePattern {
    /// Values that have nothing in common: an expression that matches all three matches anything.
    private static final List<String> PROBES = List.of("", "\u0001 ~", "x\n\uD83D\uDD11Z");

    static Regex of(String expression) throws MalformedPatternException {
      try {
        return new Regex(Expression.compile(expression, Pattern.DOTALL));
      } catch (PatternSyntaxException e) {
        throw new MalformedPatternException("no RE2 expression: " + e.getDescription(), e);
      }
    }

    @Override
    public boolean matches(String value) {
      return value.length() > MAX_REGEX_INPUT
          ? literals().stream().allMatch(set -> set.stream().anyMatch(value::contains))
          : pattern.matches(value);
    }

    @Override
    public boolean holds(String value) {
      return value.length() <= MAX_REGEX_INPUT && pattern.matches(value);
    }

    @Override
    public boolean matchesEverything() {
      return PROBES.stream().allMatch(pattern::matches);
    }

    @Override
    public List<Set<String>> literals() {
      return RegexLiterals.of(pattern.pattern());
    }
  }
}
