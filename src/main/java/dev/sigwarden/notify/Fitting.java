package dev.sigwarden.notify;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.text.Sanitizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// Makes an alert shorter, in steps, until what a channel makes of it fits the receiver's limits:
/// first without commands and steps, then with shorter and fewer fields, at last with none. What
/// was left out is said in the alert.
public final class Fitting {
  /// How much of an alert stays.
  ///
  /// @param characters code points of a field
  /// @param fields fields of a group
  private record Measure(int characters, int fields) {}

  /// Each about a third of the one before.
  private static final List<Measure> MEASURES =
      List.of(
          new Measure(Sanitizer.MAX_CODE_POINTS, 40),
          new Measure(160, 20),
          new Measure(80, 10),
          new Measure(40, 5),
          new Measure(0, 0));

  private Fitting() {}

  /// What `make` makes of the alert if that fits, or else of as much of it as does. The last and
  /// shortest is returned even if it does not fit.
  public static <T> T fit(Alert alert, Function<Alert, T> make, Predicate<T> fits) {
    T made = make.apply(alert);
    for (Measure measure : MEASURES) {
      if (fits.test(made)) {
        return made;
      }
      made = make.apply(shortened(alert, measure));
    }
    return made;
  }

  /// The text, cut to `max` UTF-16 units with `…` at its end, whole code points only.
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = max - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  private static Alert shortened(Alert alert, Measure measure) {
    return alert
        .withLines(List.of(), List.of(), List.of())
        .withGroups((group, fields) -> shortened(group, fields, measure));
  }

  private static List<Field> shortened(String group, List<Field> fields, Measure measure) {
    Map<String, Integer> seen = new HashMap<>();
    List<Field> kept = new ArrayList<>();
    for (Field field : fields) {
      // Many values of one name must not crowd out the others.
      int number = seen.merge(field.name(), 1, Integer::sum);
      if (kept.size() < measure.fields() && number <= Math.max(1, measure.fields() / 5)) {
        String value = Sanitizer.clean(field.value(), measure.characters());
        kept.add(new Field(field.name(), value, field.fromLog()));
      }
    }
    if (group.equals("scope")) {
      kept.add(
          new Field(
              "left-out", "this receiver takes no more; all of it is kept under the id", false));
    }
    return kept;
  }
}
