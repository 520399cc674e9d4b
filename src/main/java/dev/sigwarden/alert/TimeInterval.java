package dev.sigwarden.alert;

import dev.sigwarden.settings.Section;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hours of the week in one time zone.
///
/// ```yaml
/// office: {weekdays: [monday-friday], times: ["08:00-18:00"], zone: Europe/Zurich}
/// ```
///
/// @param days the days on which a span begins
/// @param spans within the day; one that ends before it begins goes on past midnight
/// @param zone whose clock counts
public record TimeInterval(Set<DayOfWeek> days, List<Span> spans, ZoneId zone) {
  private static final Pattern SPAN = Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");
  private static final String DAYS = "days such as monday or monday-friday";
  private static final String TIMES = "spans such as 08:00-18:00 or 22:00-06:00; 24:00 ends a day";

  /// A span of a day.
  ///
  /// @param from its first second of the day, in `[0, 86400)`
  /// @param to the second after it, in `(0, 86400]`
  public record Span(int from, int to) {
    /// Seconds of a day of its clock.
    static final int DAY = 86_400;

    boolean pastMidnight() {
      return to <= from;
    }
  }

  public TimeInterval {
    days = Set.copyOf(days);
    spans = List.copyOf(spans);
  }

  /// Reads one section of `time-intervals`.
  public static TimeInterval read(Section section) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String text : section.optionalTexts("weekdays", DAYS + "; every day if left out")) {
      Optional<Set<DayOfWeek>> range = days(text);
      range.ifPresentOrElse(days::addAll, () -> section.problem("weekdays", text, DAYS));
    }
    List<Span> spans = new ArrayList<>();
    for (String text : section.optionalTexts("times", TIMES + "; the whole day if left out")) {
      Optional<Span> span = span(text);
      span.ifPresentOrElse(spans::add, () -> section.problem("times", text, TIMES));
    }
    String zone = section.text("zone", "UTC", "a time zone such as Europe/Zurich");
    ZoneId read = ZoneOffset.UTC;
    try {
      read = ZoneId.of(zone);
    } catch (DateTimeException _) {
      section.problem("zone", zone, "a time zone such as Europe/Zurich");
    }
    return new TimeInterval(
        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days,
        spans.isEmpty() ? List.of(new Span(0, Span.DAY)) : spans,
        read);
  }

  private static Optional<Set<DayOfWeek>> days(String text) {
    int dash = text.indexOf('-');
    Optional<DayOfWeek> first = day(dash < 0 ? text : text.substring(0, dash));
    Optional<DayOfWeek> last = dash < 0 ? first : day(text.substring(dash + 1));
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    Set<DayOfWeek> days = EnumSet.of(first.get());
    for (DayOfWeek day = first.get(); day != last.get(); day = day.plus(1)) {
      days.add(day.plus(1));
    }
    return Optional.of(days);
  }

  private static Optional<DayOfWeek> day(String text) {
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> day.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }

  private static Optional<Span> span(String text) {
    Matcher parts = SPAN.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Optional<Integer> from = second(parts.group(1)).filter(second -> second < Span.DAY);
    Optional<Integer> to = second(parts.group(2)).filter(second -> second > 0);
    return from.isPresent() && to.isPresent() && !from.equals(to)
        ? Optional.of(new Span(from.get(), to.get()))
        : Optional.empty();
  }

  private static Optional<Integer> second(String text) {
    if (text.equals("24:00")) {
      return Optional.of(Span.DAY);
    }
    try {
      return Optional.of(LocalTime.parse(text).toSecondOfDay());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// Whether a time falls into it.
  public boolean contains(Instant time) {
    ZonedDateTime local = time.atZone(zone);
    int second = local.toLocalTime().toSecondOfDay();
    DayOfWeek today = local.getDayOfWeek();
    return spans.stream().anyMatch(span -> holds(span, today, second));
  }

  private boolean holds(Span span, DayOfWeek today, int second) {
    if (!span.pastMidnight()) {
      return days.contains(today) && second >= span.from() && second < span.to();
    }
    return (days.contains(today) && second >= span.from())
        || (days.contains(today.minus(1)) && second < span.to());
  }
}
