package dev.sigwarden.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Conditions that only the database is in.
///
/// @param conditions the words of conditions
public record DatabaseConditions(Conditions conditions) {
  /// What the condition is about: there is one for all replicas.
  public static final String SUBJECT = "database";

  /// The database took no writes for a time that is over.
  ///
  /// @param from when the first attempt began that failed
  /// @param to when the last one had failed
  /// @param reason what that met
  public Alert away(Instant from, Instant to, String reason) {
    return conditions.of(
        Kind.DATABASE_AWAY,
        SUBJECT,
        "",
        "Sigwarden could write nothing down for %d s: it judged nothing and told nobody."
            .formatted(Duration.between(from, to).toSeconds()),
        new Fields()
            .add("from", from.truncatedTo(ChronoUnit.SECONDS).toString())
            .add("to", to.truncatedTo(ChronoUnit.SECONDS).toString())
            .fromLog("last-error", reason),
        List.of(),
        from,
        List.of(),
        List.of(
            "What was logged meanwhile is being read now, and what is found in it comes as late;"
                + " nothing is skipped.",
            "Look at the database's own log for the reason."));
  }
}
