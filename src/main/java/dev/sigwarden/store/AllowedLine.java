package dev.sigwarden.store;

import java.time.Instant;

/// A line of an allowlist that came through the API.
///
/// @param list the allowlist's name
/// @param line the line in its one form: `sha256:HEX`
/// @param note what stood behind it, for people; sanitised
/// @param allowed whether it counts; false once it was revoked
/// @param revision a number that grows with each change of any list
/// @param changedAt when it was added or revoked last
/// @param changedBy by whom
/// @param reason why
public record AllowedLine(
    String list,
    String line,
    String note,
    boolean allowed,
    long revision,
    Instant changedAt,
    String changedBy,
    String reason) {}
