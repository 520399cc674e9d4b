package dev.sigwarden.alert;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What routes, silences and inhibitions can go by: our own words and the operator's names. No text
/// that somebody wrote into a log has a label, so nobody can write an entry that a silence hides.
public enum Label {
  KIND("kind"),
  FAMILY("family"),
  SEVERITY("severity"),
  WATCH("watch"),
  LOG("log"),
  OWNER("owner"),
  TENANT("tenant");

  private static final Map<String, Label> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Label::label, label -> label));

  /// The names of all, for messages.
  static final String NAMES =
      Arrays.stream(values()).map(Label::label).collect(Collectors.joining(", "));

  private final String label;

  Label(String label) {
    this.label = label;
  }

  /// The name in configuration and in the API.
  public String label() {
    return label;
  }

  /// The label of that name.
  public static Optional<Label> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The value that an alert has, empty if none.
  ///
  /// @param tenant whose alert it is
  public String of(Alert alert, String tenant) {
    return switch (this) {
      case KIND -> alert.kind().label();
      case FAMILY -> alert.kind().family().label();
      case SEVERITY -> alert.severity().label();
      case WATCH -> alert.watch();
      case LOG -> alert.log();
      case OWNER -> alert.owner();
      case TENANT -> tenant;
    };
  }
}
