package dev.sigwarden.alert;

import dev.sigwarden.watch.Severity;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/// Findings on changes of allowlists: whoever can widen one can make any signature expected.
public final class AllowlistAlerts {
  private final String tenant;
  private final Clock clock;

  /// Findings of one tenant; the clock gives the time of each telling.
  public AllowlistAlerts(String tenant, Clock clock) {
    this.tenant = tenant;
    this.clock = clock;
  }

  /// The file of a list has another content.
  ///
  /// @param before the SHA-256 of the content before, hex
  /// @param now that of the content now
  public Finding fileChanged(String list, Severity severity, String before, String now) {
    Instant at = clock.instant();
    return finding(
        FindingId.finding(tenant, rule(list), before + " " + now, at.toEpochMilli()),
        severity,
        "The file of allowlist %s has another content.".formatted(list),
        new Fields().add("allowlist", list).add("sha256", now).add("sha256-before", before),
        new Fields().add("by", "file"),
        at);
  }

  /// Lines were added to a list or revoked through the API.
  ///
  /// @param id tells this change from every other
  /// @param who the caller; `source` where it called from; `reason` why, in its words
  /// @param what which lines, in words
  public Finding changed(
      String list,
      Severity severity,
      String id,
      String who,
      String source,
      String reason,
      String what) {
    Instant at = clock.instant();
    return finding(
        FindingId.finding(tenant, rule(list), id, 0),
        severity,
        "Allowlist %s was changed through the API.".formatted(list),
        new Fields().add("allowlist", list).add("change", what).add("reason", reason),
        new Fields().add("by", who).add("from", source),
        at);
  }

  /// Lines were added to a list or revoked by records of its topic.
  ///
  /// @param what which lines, in words
  public Finding changedByTopic(String list, Severity severity, String topic, String what) {
    Instant at = clock.instant();
    return finding(
        FindingId.finding(tenant, rule(list), topic + " " + what, at.toEpochMilli()),
        severity,
        "Allowlist %s was changed by its topic.".formatted(list),
        new Fields().add("allowlist", list).add("change", what),
        new Fields().add("by", "topic " + topic),
        at);
  }

  private static String rule(String list) {
    return Kind.ALLOWLIST_CHANGED.label() + "/" + list;
  }

  private static Finding finding(
      String uid, Severity severity, String why, Fields what, Fields who, Instant at) {
    Alert alert =
        new Alert(
                uid,
                1,
                Alert.Event.OPENED,
                Kind.ALLOWLIST_CHANGED,
                severity,
                Kind.ALLOWLIST_CHANGED.title(),
                why,
                "",
                "",
                "",
                "",
                at,
                at,
                who.list(),
                what.list(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                    "Is this a release that somebody announced? If so, acknowledge it.",
                    "If not, revoke the lines, revoke the token that added them, and treat every"
                        + " signature that they made expected as unexpected."))
            .withActs(Acts.of(uid));
    return new Finding(alert, 0, -1, List.of());
  }
}
