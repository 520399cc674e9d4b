package dev.sigwarden.peer;

import java.util.Optional;

/// A Go expression that matches anywhere in a value, as a pattern of Sigwarden, which matches it as
/// a whole: a value or glob where the expression is no more than that, else an expression with
/// anything allowed before and after it.
///
/// @param pattern as configuration writes it
/// @param start whether the expression held the value's start, `end` likewise
/// @param plain whether the pattern is a value or a glob
/// @param bareDot whether an unescaped dot stands between letters, as in a host name
record Anchoring(String pattern, boolean start, boolean end, boolean plain, boolean bareDot) {
  private static final String PUNCTUATION = "\\.+*?()|[]{}^$";

  /// The pattern that selects what the expression matches. A dot also stands for line breaks, which
  /// it did not in Go's: so values with line breaks may be selected that were not before.
  static Anchoring of(String expression) {
    boolean start = expression.startsWith("^");
    boolean end = expression.endsWith("$") && !escaped(expression, expression.length() - 1);
    String body =
        expression.substring(
            start ? 1 : 0, Math.max(start ? 1 : 0, expression.length() - (end ? 1 : 0)));
    boolean bareDot = bareDot(expression);
    Optional<String> glob = glob(body);
    if (glob.isPresent()) {
      String open = (start ? "" : "*") + glob.get() + (end ? "" : "*");
      String pattern = open.replaceAll("\\*+", "*");
      if (!pattern.startsWith("re:") && !pattern.isEmpty()) {
        return new Anchoring(pattern, start, end, true, false);
      }
    }
    // With alternatives or flags an anchor need not be the whole expression's.
    boolean tidy =
        expression.indexOf('|') < 0
            && !expression.contains("(?")
            && !expression.contains("\\Q")
            && !isQuantifier(body, 0);
    String whole =
        tidy
            ? "re:" + (start ? "" : ".*") + body + (end ? "" : ".*")
            : "re:.*(?:" + expression + ").*";
    return new Anchoring(whole, start, end, false, bareDot);
  }

  /// The same for the e-mail address in an OpenPGP user id, `Name <address>` or the address alone;
  /// empty if the anchors cannot be told from the rest.
  Optional<String> userId(String expression) {
    if (plain) {
      if (!start && !end) {
        return Optional.of(pattern);
      }
      String inner = Anchoring.regex(pattern);
      return Optional.of("re:(?:.*<)?" + inner + "(?:>.*)?");
    }
    String body = expression.substring(start ? 1 : 0, expression.length() - (end ? 1 : 0));
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '\\') {
        i++;
      } else if ((c == '^' && (i == 0 || body.charAt(i - 1) != '[')) || c == '$') {
        return Optional.empty();
      } else if (c == '|' && (start || end)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        "re:" + (start ? "(?:.*<)?" : ".*") + "(?:" + body + ")" + (end ? "(?:>.*)?" : ".*"));
  }

  /// An expression for a glob.
  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*') {
        regex.append(".*");
      } else {
        regex.append(PUNCTUATION.indexOf(c) >= 0 ? "\\" : "").append(c);
      }
    }
    return regex.toString();
  }

  /// The expression that matches exactly this value, if it has to be written as one.
  static String exact(String value) {
    return value.indexOf('*') < 0 && !value.startsWith("re:") ? value : "re:" + quoted(value);
  }

  private static String quoted(String value) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      regex.append(PUNCTUATION.indexOf(c) >= 0 ? "\\" : "").append(c);
    }
    return regex.toString();
  }

  /// The glob that a body of literals, escaped punctuation and `.*` is; empty if it has more in it.
  private static Optional<String> glob(String body) {
    StringBuilder glob = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '\\') {
        i++;
        if (i == body.length() || !isEscapable(body.charAt(i)) || body.charAt(i) == '*') {
          return Optional.empty();
        }
        glob.append(body.charAt(i));
      } else if (c == '.' && body.startsWith(".*", i) && !isQuantifier(body, i + 2)) {
        glob.append('*');
        i++;
      } else if (PUNCTUATION.indexOf(c) >= 0) {
        return Optional.empty();
      } else {
        glob.append(c);
      }
      if (isQuantifier(body, i + 1)) {
        return Optional.empty();
      }
    }
    return Optional.of(glob.toString());
  }

  /// RE2 lets all ASCII punctuation be escaped.
  private static boolean isEscapable(char c) {
    return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
  }

  private static boolean isQuantifier(String text, int at) {
    return at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0;
  }

  private static boolean escaped(String text, int at) {
    int backslashes = 0;
    while (at - 1 - backslashes >= 0 && text.charAt(at - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static boolean bareDot(String expression) {
    for (int i = 1; i < expression.length() - 1; i++) {
      if (expression.charAt(i) == '.'
          && !escaped(expression, i)
          && Character.isLetterOrDigit(expression.charAt(i - 1))
          && Character.isLetterOrDigit(expression.charAt(i + 1))) {
        return true;
      }
    }
    return false;
  }
}
