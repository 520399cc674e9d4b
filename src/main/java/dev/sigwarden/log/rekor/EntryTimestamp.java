package dev.sigwarden.log.rekor;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A signed entry timestamp: the log's promise, signed when the entry was taken, and the only thing
/// that vouches for the time. No tree covers it.
///
/// @param body the leaf in base64, as received
/// @param integratedTime when the log took the entry, seconds since 1970
/// @param logId the SHA-256 of the log's key in hex
/// @param logIndex the index over all shards
/// @param signature in hex: ECDSA with SHA-256, in DER
record EntryTimestamp(
    String body, long integratedTime, String logId, long logIndex, String signature) {
  /// The time that a log may claim at most, seconds: the year 10000 is not a time.
  private static final long MAX_SECONDS = 253_402_300_800L;

  /// The time, if the promise is one of these keys'.
  Optional<Instant> verified(List<TimestampKey> keys) {
    if (integratedTime >= MAX_SECONDS) {
      return Optional.empty();
    }
    byte[] bytes = HexFormat.of().parseHex(signature);
    return keys.stream()
        .filter(key -> key.logId().equals(logId) && key.verifies(signed(), bytes))
        .findFirst()
        .map(_ -> Instant.ofEpochSecond(integratedTime));
  }

  /// What is signed: the four members as RFC 8785 writes them. Neither base64 nor hex has a
  /// character that JSON escapes.
  byte[] signed() {
    return "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
        .formatted(body, integratedTime, logId, logIndex)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
