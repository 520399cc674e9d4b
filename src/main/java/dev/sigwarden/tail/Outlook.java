package dev.sigwarden.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A backlog as it was some time ago, from which it is told when it will be gone.
///
/// @param since when it was so
/// @param position entries judged then
/// @param head entries in the newest head then
record Outlook(Instant since, long position, long head) {
  private static final double SECONDS_A_DAY = 86_400;

  /// Above this nobody plans; days.
  private static final double MANY_DAYS = 3_650;

  private double seconds(Instant now) {
    return Math.max(1e-3, Duration.between(since, now).toMillis() / 1e3);
  }

  /// Entries judged in a second, on average since then.
  private double judged(Instant now, long position) {
    return (position - this.position) / seconds(now);
  }

  /// Entries logged in a second, on average since then.
  private double logged(Instant now, long head) {
    return (head - this.head) / seconds(now);
  }

  /// Days until it is gone; empty if never at the present rates.
  private Optional<Double> days(Instant now, long position, long head) {
    double net = judged(now, position) - logged(now, head);
    double days = (head - position) / net / SECONDS_A_DAY;
    return net > 0 && days < MANY_DAYS ? Optional.of(days) : Optional.empty();
  }

  /// Whether it will last for that much longer.
  boolean lastsLonger(Duration time, Instant now, long position, long head) {
    return days(now, position, head)
        .map(days -> days * SECONDS_A_DAY > time.toSeconds())
        .orElse(true);
  }

  /// When it will be gone, with the rates that say so.
  String words(Instant now, long position, long head) {
    String rates =
        String.format(
            Locale.ROOT,
            "%.1f entries/s judged, %.1f entries/s logged",
            judged(now, position),
            logged(now, head));
    return days(now, position, head)
        .map(days ->
            days < 2
                ? String.format(Locale.ROOT, "in about %.1f hours (%s)", days * 24, rates)
                : String.format(Locale.ROOT, "in about %.0f days (%s)", days, rates))
        .orElse("never at the present rates (" + rates + ")");
  }
}
