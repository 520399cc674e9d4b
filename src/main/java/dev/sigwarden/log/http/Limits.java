package dev.sigwarden.log.http;

/// How much of an answer is read, and which kind is asked for.
///
/// @param maxBodyBytes the longest body read as it comes over the wire, in bytes
/// @param maxInflatedBytes the longest body after its content coding is undone, in bytes
/// @param accept the value of the `Accept` header
public record Limits(int maxBodyBytes, int maxInflatedBytes, String accept) {
  public Limits {
    if (maxBodyBytes < 0 || maxInflatedBytes < 0) {
      throw new IllegalArgumentException(
          "body limits: %d, %d (expected: >= 0)".formatted(maxBodyBytes, maxInflatedBytes));
    }
  }

  /// What gzip adds at most to what it cannot shrink, hashes for example: header, trailer and 5
  /// bytes for each stored block, rounded up. RFC 1951 section 3.2.4, RFC 1952 section 2.3.
  private static final int GZIP_BYTES = 256;

  /// At most `maxBytes` of any kind once inflated, and on the wire what gzip makes of that.
  public static Limits of(int maxBytes) {
    return new Limits(maxBytes + maxBytes / 1_000 + GZIP_BYTES, maxBytes, "*/*");
  }
}
