package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Collects one group of fields, each sanitised and bounded as it is added. Empty values are left
/// out: an alert says what is known.
final class Fields {
  private final List<Field> fields = new ArrayList<>();

  /// Adds our own words or the operator's.
  Fields add(String name, String value) {
    return add(name, value, false);
  }

  /// Adds text that somebody wrote into a log.
  Fields fromLog(String name, String value) {
    return add(name, value, true);
  }

  /// Adds several values of one name that came from a log, as many as a list may hold. They stand
  /// together, as the JSON form of an alert asks.
  Fields fromLog(String name, List<String> values) {
    List<String> shown = values.subList(0, Math.min(values.size(), Sanitizer.MAX_ITEMS));
    for (String value : Sanitizer.cleanAll(values)) {
      if (!value.isEmpty()) {
        fields.add(new Field(name, value, true));
      }
    }
    shown.forEach(value -> addHashIfCut(name, value));
    return this;
  }

  private Fields add(String name, String value, boolean fromLog) {
    if (!value.isEmpty()) {
      fields.add(new Field(name, Sanitizer.clean(value), fromLog));
      addHashIfCut(name, value);
    }
    return this;
  }

  private void addHashIfCut(String name, String value) {
    if (Sanitizer.cuts(value)) {
      byte[] hash = FindingId.sha256().digest(value.getBytes(StandardCharsets.UTF_8));
      fields.add(new Field(name + "-sha256", HexFormat.of().formatHex(hash), false));
    }
  }

  List<Field> list() {
    return List.copyOf(fields);
  }
}
