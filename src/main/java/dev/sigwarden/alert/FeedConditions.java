package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.time.Instant;
import java.util.List;

/// Conditions of topics that observations are written to and allowlists are read from.
///
/// @param conditions the words of conditions
public record FeedConditions(Conditions conditions) {
  /// What a condition on the topic of observations is about.
  public static final String FEED = "feed of observations";

  /// What a condition on the topic of an allowlist is about.
  public static String topicOf(String allowlist) {
    return allowlist + " (topic)";
  }

  /// The topic of observations does not get them, or not in time.
  ///
  /// @param reason what the last attempt met, or how far it is behind
  public Alert feedFailing(String topic, String reason, Instant since) {
    return conditions.of(
        Kind.DELIVERY_FAILING,
        FEED,
        "",
        "Topic "
            + Sanitizer.clean(topic)
            + " lacks observations; they wait in the database and none is lost.",
        new Fields().add("topic", topic).fromLog("last-error", reason),
        List.of(),
        since,
        List.of(),
        List.of(
            "Alerts are not concerned: whoever reads the topic does not know of what was signed"
                + " lately.",
            "Mend the brokers, the topic, or `feed` in the configuration; what waits is then sent."));
  }

  /// An allowlist is not level with its topic; what it held before stays in force.
  ///
  /// @param reason what was found, and what was expected
  public Alert topicTrouble(String allowlist, String topic, String reason, Instant since) {
    return conditions.of(
        Kind.ALLOWLIST_UNREADABLE,
        topicOf(allowlist),
        "",
        "Allowlist "
            + Sanitizer.clean(allowlist)
            + " is not level with its topic; what it held before stays in force.",
        new Fields().add("allowlist", allowlist).add("topic", topic).fromLog("problem", reason),
        List.of(),
        since,
        List.of(),
        List.of(
            "Mend what is named; the topic is read again within seconds.",
            "A line that the topic does not have any more counts until it is revoked: write a"
                + " record with its key and no value, or revoke it through the API."));
  }
}
