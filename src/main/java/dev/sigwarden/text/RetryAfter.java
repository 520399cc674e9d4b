package dev.sigwarden.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// The `Retry-After` header: whole seconds, or a date in the preferred form of HTTP. RFC 9110
/// sections 10.2.3 and 5.6.7; the two obsolete date forms count as no header.
public final class RetryAfter {
  /// The shortest pause: a server that says 0, or a time gone by, still gets a moment.
  public static final Duration MIN = Duration.ofSeconds(1);

  /// The longest pause: what a hostile or mistaken server can silence a log for.
  public static final Duration MAX = Duration.ofHours(1);

  /// Longer values are neither form: the date has 29 characters.
  private static final int MAX_CHARS = 40;

  /// More digits than this are more than an hour in any case.
  private static final int MAX_DIGITS = 9;

  private RetryAfter() {}

  /// The pause that the header's value asks for at `now`, within `[MIN, MAX]`; empty if it is
  /// neither form.
  public static Optional<Duration> parse(String value, Instant now) {
    String text = value.strip();
    if (text.isEmpty() || text.length() > MAX_CHARS) {
      return Optional.empty();
    }
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of(
          text.length() > MAX_DIGITS ? MAX : clamp(Duration.ofSeconds(Long.parseLong(text))));
    }
    try {
      Instant then = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
      return Optional.of(clamp(Duration.between(now, then)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Duration clamp(Duration pause) {
    if (pause.compareTo(MIN) < 0) {
      return MIN;
    }
    return pause.compareTo(MAX) > 0 ? MAX : pause;
  }
}
