package dev.sigwarden.watch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far back a watch is to look when it is new or was changed.
public sealed interface LookBack {
  /// What a configuration may say.
  String FORMS = "a day such as 2026-01-31, days back such as 90d, or beginning";

  /// The first entry of each log.
  record Beginning() implements LookBack {}

  /// What was logged from that day on, UTC.
  record Day(LocalDate day) implements LookBack {}

  /// What was logged in so many days before now.
  record Days(int days) implements LookBack {}

  /// Days back: transparency logs are younger.
  int MOST_DAYS = 10_000;

  /// Reads what a configuration says; empty if it is none of `FORMS`.
  static Optional<LookBack> parse(String text) {
    if (text.equals("beginning")) {
      return Optional.of(new Beginning());
    }
    Matcher days = Pattern.compile("([1-9][0-9]{0,4})d").matcher(text);
    if (days.matches()) {
      int count = Integer.parseInt(days.group(1));
      return count <= MOST_DAYS ? Optional.of(new Days(count)) : Optional.empty();
    }
    try {
      LocalDate day = LocalDate.parse(text);
      // One form: no year before 1970, and none of five digits.
      return day.getYear() >= 1970 && text.length() == 10
          ? Optional.of(new Day(day))
          : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// The time from which on entries are looked at.
  default Instant from(Instant now) {
    return switch (this) {
      case Beginning _ -> Instant.EPOCH;
      case Day(LocalDate day) -> day.atStartOfDay(ZoneOffset.UTC).toInstant();
      case Days(int days) -> now.minus(Duration.ofDays(days));
    };
  }
}
