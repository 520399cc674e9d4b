package dev.sigwarden.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Conditions that only the configuration is in.
///
/// @param conditions the words of conditions
public record ConfigConditions(Conditions conditions) {
  /// What the condition is about: there is one for all replicas.
  public static final String SUBJECT = "configuration";

  /// Hex digits of a revision that people are shown; the API has all of them.
  private static final int SHOWN = 12;

  /// Replicas that share one database go by configurations that differ.
  ///
  /// @param used the revision that each live replica goes by, by its id; empty of an earlier
  ///   version
  public Alert differs(Map<String, String> used, Instant since) {
    Fields what = new Fields();
    used.forEach((replica, revision) -> what.add(replica, shown(revision)));
    return conditions.of(
        Kind.CONFIG_DIFFERS,
        SUBJECT,
        "",
        "Replicas go by different configurations: which watches judge a log, and who is told,"
            + " depends on which replica has it.",
        what,
        List.of(),
        since,
        List.of(),
        List.of(
            "Give all of them the same files. One that refuses a file says why in its log; run"
                + " sigwarden check where it runs.",
            "A replica that cannot be mended is better stopped: the others take its work."));
  }

  private static String shown(String revision) {
    return revision.isEmpty()
        ? "not known: an earlier version"
        : revision.substring(0, Math.min(SHOWN, revision.length()));
  }
}
