package dev.sigwarden.trust;

import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.time.Instant;
import java.util.Optional;

/// When an authority or a key is to be used, both ends included. Sigstore protobuf-specs
/// `TimeRange`.
///
/// @param start the first instant
/// @param end the last instant; `Instant.MAX` if it is not known yet
public record Validity(Instant start, Instant end) {
  /// Always.
  static final Validity ALWAYS = new Validity(Instant.MIN, Instant.MAX);

  static Validity of(Optional<JsonObject> json) throws RefusedException {
    if (json.isEmpty()) {
      return ALWAYS;
    }
    JsonObject range = json.get();
    return new Validity(
        range.has("start") ? range.time("start") : Instant.MIN,
        range.has("end") ? range.time("end") : Instant.MAX);
  }

  /// Whether it is to be used at `time`.
  public boolean contains(Instant time) {
    return !time.isBefore(start) && !time.isAfter(end);
  }
}
