package dev.sigwarden.log.http;

import java.time.Duration;

/// How Sigwarden behaves towards the servers that it reads from.
///
/// @param contact an address or URL at which a log's operator reaches whoever runs this Sigwarden;
///   printable ASCII without parentheses, at most 200 characters, empty for none
/// @param perHostConcurrency requests under way at one host at a time, `[1, 256]`
/// @param perHostRequestsPerSecond requests begun at one host per second, on average, above 0
/// @param connectTimeout the longest wait for a connection
/// @param deadline the longest time that one call takes in all: waiting for its turn, connecting,
///   reading the last byte, and every repetition
public record HttpPolicy(
    String contact,
    int perHostConcurrency,
    double perHostRequestsPerSecond,
    Duration connectTimeout,
    Duration deadline) {

  /// Requests that one host has under way at most, unless configured.
  public static final int DEFAULT_CONCURRENCY = 8;

  /// Requests per second that one host gets at most, unless configured: what a static file server
  /// or a bucket does not notice.
  public static final double DEFAULT_REQUESTS_PER_SECOND = 20;

  /// The longest wait for a connection, unless configured.
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// The longest time of a call, unless configured: enough for the largest bundle at 300 KB/s.
  public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);

  private static final int MAX_CONCURRENCY = 256;
  private static final int MAX_CONTACT_CHARS = 200;

  /// What a contact has to be.
  public static final String CONTACT =
      "up to " + MAX_CONTACT_CHARS + " printable ASCII characters without parentheses";

  public HttpPolicy {
    if (contact.length() > MAX_CONTACT_CHARS
        || !contact.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '(' && c != ')')) {
      throw new IllegalArgumentException("contact (expected: " + CONTACT + ")");
    }
    if (perHostConcurrency < 1 || perHostConcurrency > MAX_CONCURRENCY) {
      throw new IllegalArgumentException(
          "per-host concurrency: %d (expected: [1, %d])"
              .formatted(perHostConcurrency, MAX_CONCURRENCY));
    }
    if (!(perHostRequestsPerSecond > 0)) {
      throw new IllegalArgumentException(
          "per-host requests per second: " + perHostRequestsPerSecond + " (expected: > 0)");
    }
    requirePositive("connect timeout", connectTimeout);
    requirePositive("deadline", deadline);
  }

  /// The defaults, with this contact.
  public static HttpPolicy standard(String contact) {
    return new HttpPolicy(
        contact,
        DEFAULT_CONCURRENCY,
        DEFAULT_REQUESTS_PER_SECOND,
        DEFAULT_CONNECT_TIMEOUT,
        DEFAULT_DEADLINE);
  }

  private static void requirePositive(String what, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(what + ": " + duration + " (expected: > 0)");
    }
  }
}
