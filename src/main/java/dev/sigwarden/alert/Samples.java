package dev.sigwarden.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Made-up alerts, one of every kind and event, with all groups filled and with none: what a
/// template has to be able to say.
public final class Samples {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private Samples() {}

  /// One full and one bare alert of every kind and event.
  static List<Alert> all() {
    List<Alert> samples = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Alert.Event event : Alert.Event.values()) {
        samples.add(full(kind, event));
        samples.add(bare(kind, event));
      }
    }
    return samples;
  }

  /// An alert of that kind and event with every group filled.
  public static Alert full(Kind kind, Alert.Event event) {
    List<Field> fields =
        List.of(
            new Field(
                "name", "https://github.com/acme/app/<b>release</b>.yml@refs/heads/main", true),
            new Field("other-name", "our own words", false));
    return alert(kind, event, "sample", fields, List.of("sigwarden explain 'sample:17'"));
  }

  /// The same fields, and those that name the artifact.
  private static List<Field> what(List<Field> fields) {
    List<Field> what = new ArrayList<>(fields);
    if (!fields.isEmpty()) {
      what.add(new Field("claimed-name", "pkg:npm/%40acme/app", true));
      what.add(new Field("claimed-version", "1.4.2", true));
      what.add(new Field("claimed-predicate-type", "https://slsa.dev/provenance/v1", true));
    }
    return what;
  }

  private static Alert bare(Kind kind, Alert.Event event) {
    return alert(kind, event, "", List.of(), List.of());
  }

  private static Alert alert(
      Kind kind, Alert.Event event, String name, List<Field> fields, List<String> lines) {
    return new Alert(
        FindingId.finding("sample", kind.label(), "sample", 0),
        1,
        event,
        kind,
        kind.severity(),
        kind.title(),
        "A sample.",
        name,
        name,
        name,
        name,
        TIME,
        TIME,
        fields,
        what(fields),
        fields,
        fields,
        fields,
        lines,
        lines,
        lines,
        name.isEmpty() ? "" : "https://sigwarden.example/api/v1/findings/sample");
  }
}
