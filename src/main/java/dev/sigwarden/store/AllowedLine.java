package dev.sigwarden.store;

import java.time.Instant;

/// A line of an allowlist that came through the API or from a topic.
///
/// @param list the allowlist's name
/// @param line the line in its one form: `sha256:HEX`
/// @param note what stood behind it, for people; sanitised
/// @param allowed whether it counts; false once it was revoked
/// @param revision a number that grows with each change of any list
/// @param changedAt when it was added or revoked last
/// @param changedBy by whom
/// @param reason why
/// @param source where the last change came from: `api` or `topic`
public record AllowedLine(
    String list,
    String line,
    String note,
    boolean allowed,
    long revision,
    Instant changedAt,
    String changedBy,
    String reason,
    String source) {
  /// The source of lines that came from a topic.
  static final String TOPIC = "topic";

  /// Whether a topic changed it last.
  public boolean isOfTopic() {
    return source.equals(TOPIC);
  }
}
