package dev.sigwarden.alert;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sigwarden.watch.Expression;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;

/// A condition on one label, as Alertmanager writes it: `name OP "value"` with the operators `=`,
/// `!=`, `=~` and `!~`. Expressions are RE2 and match the whole value. Quotes may be left out of a
/// value without space, quote and comma; within them `\"` and `\\` stand for `"` and `\`.
public final class Matcher {
  /// The longest matcher, in characters: names of a configuration have 64.
  static final int MAX_LENGTH = 500;

  private static final java.util.regex.Pattern FORM =
      java.util.regex.Pattern.compile(
          "\\s*([a-z]+)\\s*(=~|!~|!=|=)\\s*(?:\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"|([^\\s\",]*))\\s*");

  private static final String EXPECTED =
      "LABEL OP \"VALUE\" with = != =~ !~ and one of the labels " + Label.NAMES;

  private enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    MATCHES("=~"),
    MATCHES_NOT("!~");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    boolean expression() {
      return this == MATCHES || this == MATCHES_NOT;
    }

    static Operator of(String sign) {
      return Arrays.stream(values()).filter(it -> it.sign.equals(sign)).findFirst().orElseThrow();
    }
  }

  private final Label label;
  private final Operator operator;
  private final String value;
  private final Optional<Pattern> pattern;

  private Matcher(Label label, Operator operator, String value, Optional<Pattern> pattern) {
    this.label = label;
    this.operator = operator;
    this.value = value;
    this.pattern = pattern;
  }

  /// Reads one.
  ///
  /// @throws IllegalArgumentException saying what was found and what was expected
  public static Matcher parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw wrong(text.length() + " characters", "at most " + MAX_LENGTH);
    }
    java.util.regex.Matcher form = FORM.matcher(text);
    // Of the matchers of a silence each is kept as a line.
    if (!form.matches() || text.chars().anyMatch(Character::isISOControl)) {
      throw wrong(text, EXPECTED);
    }
    MatchResult parts = form.toMatchResult();
    Label label = Label.of(parts.group(1)).orElseThrow(() -> wrong(text, EXPECTED));
    Operator operator = Operator.of(parts.group(2));
    String quoted = parts.group(3);
    String value = quoted == null ? parts.group(4) : quoted.replaceAll("\\\\([\"\\\\])", "$1");
    Matcher matcher;
    try {
      matcher =
          new Matcher(
              label,
              operator,
              value,
              operator.expression() ? Optional.of(Expression.compile(value, 0)) : Optional.empty());
    } catch (PatternSyntaxException e) {
      throw wrong(text, "an RE2 expression: " + e.getDescription());
    }
    int kept = matcher.toString().length();
    if (kept > MAX_LENGTH) {
      throw wrong(kept + " characters", "at most " + MAX_LENGTH);
    }
    return matcher;
  }

  private static IllegalArgumentException wrong(String found, String expected) {
    return new IllegalArgumentException(
        "matcher: %s (expected: %s)"
            .formatted(dev.sigwarden.text.Sanitizer.clean(found), expected));
  }

  /// Whether the labels are as it says.
  public boolean matches(Labels labels) {
    return holds(labels.value(label));
  }

  /// Whether it holds of that value of its label.
  boolean holds(String actual) {
    boolean same =
        pattern.isPresent() ? pattern.get().matcher(actual).matches() : value.equals(actual);
    return same == (operator == Operator.EQUAL || operator == Operator.MATCHES);
  }

  /// Whether all of them hold; true for none.
  public static boolean all(Collection<Matcher> matchers, Labels labels) {
    return matchers.stream().allMatch(matcher -> matcher.matches(labels));
  }

  /// Whether what has no value at all would do: such a matcher tells nothing apart.
  boolean matchesNothing() {
    return holds("");
  }

  /// The values, if it names them one by one: `=` has one.
  List<String> named() {
    return operator == Operator.EQUAL ? List.of(value) : List.of();
  }

  /// The label.
  public Label label() {
    return label;
  }

  /// The one form in which `parse` reads it again.
  @Override
  public String toString() {
    return label.label()
        + operator.sign
        + '"'
        + value.replace("\\", "\\\\").replace("\"", "\\\"")
        + '"';
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matcher matcher && matcher.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
