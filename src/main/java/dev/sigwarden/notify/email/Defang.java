package dev.sigwarden.notify.email;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import java.util.List;
import java.util.regex.Pattern;

/// Writes addresses that came from a log so that no mail program makes a link of them and no filter
/// takes the alert for the attack that it reports: `hxxps://evil[.]example`.
final class Defang {
  private static final Pattern SCHEME = Pattern.compile("(?i)h(tt)(ps?:)");

  /// A dot before a letter: what host names have and most versions have not.
  private static final Pattern DOT = Pattern.compile("\\.(?=\\p{L})");

  private Defang() {}

  /// The alert with every field that came from a log defanged.
  static Alert alert(Alert alert) {
    return alert.withGroups((_, fields) -> fields(fields));
  }

  /// The text with its addresses broken.
  static String text(String text) {
    return DOT.matcher(SCHEME.matcher(text).replaceAll("hxx$2")).replaceAll("[.]");
  }

  private static List<Field> fields(List<Field> fields) {
    return fields.stream()
        .map(field -> field.fromLog() ? new Field(field.name(), text(field.value()), true) : field)
        .toList();
  }
}
