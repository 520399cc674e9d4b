package dev.sigwarden.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Literals that every match of an RE2 expression must contain, read from its syntax, as Russ Cox
/// describes in "Regular Expression Matching with a Trigram Index" (2012).
///
/// Errs on one side only: what it does not understand for certain (flags, `\Q`, Unicode classes)
/// gives no literal at all, and the expression is then tried on every value.
final class RegexLiterals {
  /// Strings that one part of an expression is followed up in; `(a|b)(c|d)` makes four.
  private static final int MAX_SET = 16;

  /// Characters of one literal; longer ones are cut in two.
  private static final int MAX_LITERAL = 128;

  /// Expressions nested deeper than this give no literals; bounds the recursion.
  private static final int MAX_DEPTH = 100;

  private static final Set<String> EMPTY_ONLY = Set.of("");

  private final String regex;
  private int at;

  private RegexLiterals(String regex) {
    this.regex = regex;
  }

  /// Something in the expression is not understood.
  private static final class UnknownSyntax extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownSyntax() {
      super("not understood", null, false, false);
    }
  }

  /// What is known of a part of an expression.
  ///
  /// @param exact all strings that it can match, if they are few
  /// @param required sets of which each match contains a member
  private record Part(Optional<Set<String>> exact, List<Set<String>> required) {
    static final Part ANYTHING = new Part(Optional.empty(), List.of());
    static final Part NOTHING = exactly(EMPTY_ONLY);

    static Part exactly(Set<String> strings) {
      return new Part(Optional.of(strings), List.of());
    }

    /// The sets that a match contains, with the exact strings as one of them.
    List<Set<String>> all() {
      List<Set<String>> sets = new ArrayList<>(required);
      exact.filter(RegexLiterals::useful).ifPresent(sets::add);
      return sets;
    }

    Optional<Set<String>> best() {
      return all().stream().max((a, b) -> Integer.compare(shortest(a), shortest(b)));
    }
  }

  /// Sets of literals, none containing the empty string; empty if none is known for certain.
  ///
  /// @param regex an expression that RE2 compiled without flags other than DOTALL
  static List<Set<String>> of(String regex) {
    RegexLiterals reader = new RegexLiterals(regex);
    try {
      Part whole = reader.alternation(0);
      return reader.at == regex.length() ? whole.all() : List.of();
    } catch (UnknownSyntax _) {
      return List.of();
    }
  }

  private static int shortest(Set<String> strings) {
    return strings.stream().mapToInt(String::length).min().orElse(0);
  }

  private static boolean useful(Set<String> strings) {
    return shortest(strings) > 0;
  }

  private Part alternation(int depth) throws UnknownSyntax {
    if (depth > MAX_DEPTH) {
      throw new UnknownSyntax();
    }
    List<Part> branches = new ArrayList<>();
    branches.add(sequence(depth));
    while (next('|')) {
      branches.add(sequence(depth));
    }
    if (branches.size() == 1) {
      return branches.getFirst();
    }
    Set<String> exact = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    boolean allExact = true;
    boolean allRequire = true;
    for (Part branch : branches) {
      allExact &= branch.exact.isPresent();
      exact.addAll(branch.exact.orElse(Set.of()));
      allRequire &= branch.best().isPresent();
      required.addAll(branch.best().orElse(Set.of()));
    }
    if (allExact && exact.size() <= MAX_SET) {
      return Part.exactly(exact);
    }
    boolean usable = allRequire && required.size() <= MAX_SET * MAX_SET;
    return new Part(Optional.empty(), usable ? List.of(required) : List.of());
  }

  private Part sequence(int depth) throws UnknownSyntax {
    List<Set<String>> required = new ArrayList<>();
    Set<String> run = EMPTY_ONLY;
    boolean exact = true;
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      Part part = repeated(atom(depth));
      Optional<Set<String>> joined =
          part.exact.isPresent() ? join(run, part.exact.get()) : Optional.empty();
      if (joined.isPresent()) {
        run = joined.get();
        continue;
      }
      exact = false;
      addIfUseful(run, required);
      required.addAll(part.required);
      run = part.exact.orElse(EMPTY_ONLY);
    }
    if (exact) {
      return Part.exactly(run);
    }
    addIfUseful(run, required);
    return new Part(Optional.empty(), required);
  }

  private static void addIfUseful(Set<String> run, List<Set<String>> required) {
    if (useful(run)) {
      required.add(run);
    }
  }

  /// Every string of `heads` followed by every one of `tails`; empty if those are too many or too
  /// long.
  private static Optional<Set<String>> join(Set<String> heads, Set<String> tails) {
    if (heads.size() * tails.size() > MAX_SET) {
      return Optional.empty();
    }
    Set<String> joined = new TreeSet<>();
    for (String head : heads) {
      for (String tail : tails) {
        if (head.length() + tail.length() > MAX_LITERAL) {
          return Optional.empty();
        }
        joined.add(head + tail);
      }
    }
    return Optional.of(joined);
  }

  /// The part with the repetition that follows it.
  private Part repeated(Part part) throws UnknownSyntax {
    char sign = at < regex.length() ? regex.charAt(at) : 0;
    if ("*?+{".indexOf(sign) < 0) {
      return part;
    }
    Part repeated =
        switch (sign) {
          case '*' -> Part.ANYTHING;
          case '?' -> optional(part);
          case '+' -> new Part(Optional.empty(), part.all());
          default -> counted(part);
        };
    at++;
    next('?');
    return repeated;
  }

  private static Part optional(Part part) {
    if (part.exact.isEmpty() || part.exact.get().size() >= MAX_SET) {
      return Part.ANYTHING;
    }
    Set<String> strings = new TreeSet<>(part.exact.get());
    strings.add("");
    return Part.exactly(strings);
  }

  /// `{n}`, `{n,}` or `{n,m}`; leaves the position at the closing brace.
  private Part counted(Part part) throws UnknownSyntax {
    int close = regex.indexOf('}', at);
    if (close < 0 || !regex.substring(at, close + 1).matches("\\{[0-9]+(,[0-9]*)?\\}")) {
      // RE2 takes such a brace for itself.
      throw new UnknownSyntax();
    }
    String least = regex.substring(at + 1, close).split(",", 2)[0];
    at = close;
    boolean none = least.chars().allMatch(c -> c == '0');
    return none ? Part.ANYTHING : new Part(Optional.empty(), part.all());
  }

  private Part atom(int depth) throws UnknownSyntax {
    int point = regex.codePointAt(at);
    at += Character.charCount(point);
    return switch (point) {
      case '(' -> group(depth);
      case '[' -> characterClass();
      case '\\' -> escape();
      case '.' -> Part.ANYTHING;
      case '^', '$' -> Part.NOTHING;
      case '*', '+', '?', '{' -> throw new UnknownSyntax();
      default -> Part.exactly(Set.of(Character.toString(point)));
    };
  }

  private Part group(int depth) throws UnknownSyntax {
    if (next('?')) {
      if (next('P')) {
        int close = regex.indexOf('>', at);
        if (!next('<') || close < 0) {
          throw new UnknownSyntax();
        }
        at = close + 1;
      } else if (!next(':')) {
        throw new UnknownSyntax();
      }
    }
    Part inside = alternation(depth + 1);
    if (!next(')')) {
      throw new UnknownSyntax();
    }
    return inside;
  }

  private Part escape() throws UnknownSyntax {
    if (at == regex.length()) {
      throw new UnknownSyntax();
    }
    char c = regex.charAt(at++);
    return switch (c) {
      case 'd', 'D', 's', 'S', 'w', 'W' -> Part.ANYTHING;
      case 'A', 'z', 'b', 'B' -> Part.NOTHING;
      default -> {
        if (c >= 0x80 || Character.isLetterOrDigit(c)) {
          throw new UnknownSyntax();
        }
        yield Part.exactly(Set.of(String.valueOf(c)));
      }
    };
  }

  /// A class of a few plain characters as those; any other class as unknown text.
  private Part characterClass() throws UnknownSyntax {
    boolean negated = next('^');
    int from = at;
    while (at < regex.length() && (regex.charAt(at) != ']' || at == from)) {
      if (regex.charAt(at) == '\\' || regex.charAt(at) == '[') {
        return otherClass();
      }
      at++;
    }
    if (at == regex.length()) {
      throw new UnknownSyntax();
    }
    String members = regex.substring(from, at++);
    Set<String> strings = new TreeSet<>();
    members.codePoints().forEach(point -> strings.add(Character.toString(point)));
    boolean plain = !negated && members.indexOf('-') < 0 && strings.size() <= MAX_SET;
    return plain ? Part.exactly(strings) : Part.ANYTHING;
  }

  /// The rest of a class that has escapes or named classes in it.
  private Part otherClass() throws UnknownSyntax {
    while (at < regex.length()) {
      char c = regex.charAt(at++);
      if (c == ']') {
        return Part.ANYTHING;
      }
      if (c == '\\') {
        at++;
      } else if (c == '[' && next(':')) {
        int close = regex.indexOf(":]", at);
        if (close < 0) {
          throw new UnknownSyntax();
        }
        at = close + 2;
      }
    }
    throw new UnknownSyntax();
  }

  private boolean next(char c) {
    if (at < regex.length() && regex.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }
}
