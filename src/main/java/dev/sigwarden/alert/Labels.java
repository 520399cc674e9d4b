package dev.sigwarden.alert;

import java.util.EnumMap;
import java.util.Map;

/// The labels of one alert, each with a value that may be empty.
///
/// @param values by label; a label that is missing has the empty value
public record Labels(Map<Label, String> values) {
  public Labels {
    values = Map.copyOf(values);
  }

  /// Those of an alert.
  ///
  /// @param tenant whose alert it is
  public static Labels of(Alert alert, String tenant) {
    Map<Label, String> values = new EnumMap<>(Label.class);
    for (Label label : Label.values()) {
      values.put(label, label.of(alert, tenant));
    }
    return new Labels(values);
  }

  /// The value of one.
  public String value(Label label) {
    return values.getOrDefault(label, "");
  }

  /// Whether this is of a log that misbehaved: what no grouping, budget, silence without force,
  /// inhibition or hour holds back.
  public boolean integrity() {
    return value(Label.FAMILY).equals(Family.INTEGRITY.label());
  }
}
