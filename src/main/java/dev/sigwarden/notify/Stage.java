package dev.sigwarden.notify;

import dev.sigwarden.alert.Alert;
import java.util.Locale;

/// What a telling means to a service that keeps incidents of its own.
public enum Stage {
  /// It is there, and somebody should look.
  OPEN,
  /// Somebody looks after it.
  ACKNOWLEDGED,
  /// It is over, or a person closed it. Nothing in a log ends a finding.
  OVER;

  /// The stage that the telling leaves its finding or condition in: open unless its event says
  /// otherwise, since what is told again, together with others or to others is.
  public static Stage of(Alert alert) {
    return switch (alert.event().label()) {
      case "acknowledged" -> ACKNOWLEDGED;
      case "closed", "resolved" -> OVER;
      default -> OPEN;
    };
  }

  /// The alert in one line: `[CRITICAL] …` or `[RESOLVED] …` and its title. Our own words and the
  /// operator's only, nothing from a log.
  public static String headline(Alert alert) {
    String head =
        of(alert) == OPEN && alert.event() != Alert.Event.TEST
            ? alert.severity().label()
            : alert.event().label();
    return "[" + head.toUpperCase(Locale.ROOT) + "] " + alert.title();
  }
}
