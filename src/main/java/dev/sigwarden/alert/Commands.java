package dev.sigwarden.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Commands that check a finding independently, ready to paste. An argument is printed only when
/// every character of it is harmless in a shell and in a terminal, and is quoted all the same; a
/// command with any other argument is left out and one line says so.
final class Commands {
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:/@=+~?&%,-]{1,500}");
  static final String LEFT_OUT = "# a command was left out: an argument holds unusual characters";

  private final List<String> lines = new ArrayList<>();
  private boolean leftOut;

  /// Adds a command; each `%s` of `template` is replaced by a quoted argument.
  Commands add(String template, String... arguments) {
    Object[] quoted = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      if (!HARMLESS.matcher(arguments[i]).matches() || arguments[i].startsWith("-")) {
        leftOut = true;
        return this;
      }
      quoted[i] = quote(arguments[i]);
    }
    lines.add(template.formatted(quoted));
    return this;
  }

  /// Adds the download of an address; nothing for an empty one.
  Commands fetch(String address) {
    return address.isEmpty() ? this : add("curl -sS %s -o entry.bin", address);
  }

  /// The check of a statement with the keys that are kept with its finding, and the download of the
  /// statement as its ledger serves it now.
  Commands statement(String address) {
    lines.add("sigwarden verify --keys service-keys statement.cose");
    return address.isEmpty() ? this : add("curl -sS %s -o statement-now.cose", address);
  }

  List<String> list() {
    List<String> out = new ArrayList<>(lines);
    if (leftOut) {
      out.add(LEFT_OUT);
    }
    return List.copyOf(out);
  }

  /// The text as one shell word: in single quotes, each single quote in it as `'\''`.
  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
