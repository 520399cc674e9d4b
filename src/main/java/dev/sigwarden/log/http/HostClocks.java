package dev.sigwarden.log.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the clocks of the hosts that are asked say beside ours, by the `Date` of their answers. One
/// host alone proves nothing: its clock may be the wrong one. Thread-safe.
final class HostClocks {
  /// How far apart two good clocks and a slow answer may be.
  static final Duration TOLERATED = Duration.ofMinutes(5);

  /// How long an answer counts.
  static final Duration RECENT = Duration.ofMinutes(15);

  /// Hosts that have to agree.
  static final int AGREEING = 2;

  /// Hosts that are remembered: more than any configuration asks.
  private static final int MOST = 1_000;

  /// An `Age` of more digits is no number of seconds.
  private static final int MAX_DIGITS = 9;

  /// @param ahead how far the host's clock is ahead of ours; below zero if behind
  private record Seen(Duration ahead, Instant at) {}

  private final Map<String, Seen> hosts = new HashMap<>();

  /// A host answered.
  ///
  /// @param date its `Date`, RFC 9110 section 6.6.1
  /// @param age the `Age` that a cache added, section 5.1 of RFC 9111
  synchronized void answered(
      String host, Optional<String> date, Optional<String> age, Instant now) {
    Optional<Instant> said = date.flatMap(HostClocks::instant);
    Optional<Long> cached = age.isEmpty() ? Optional.of(0L) : age.flatMap(HostClocks::seconds);
    if (said.isEmpty() || cached.isEmpty() || (hosts.size() >= MOST && !hosts.containsKey(host))) {
      return;
    }
    Duration ahead = Duration.between(now, said.get().plusSeconds(cached.get()));
    Seen known = hosts.get(host);
    // Of what a host said lately the best counts: a cache may keep an old answer.
    if (known == null || !recent(known, now) || ahead.abs().compareTo(known.ahead().abs()) <= 0) {
      hosts.put(host, new Seen(ahead, now));
    }
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Optional<Long> seconds(String age) {
    boolean number =
        !age.isEmpty()
            && age.length() <= MAX_DIGITS
            && age.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Optional.of(Long.parseLong(age)) : Optional.empty();
  }

  private static boolean recent(Seen seen, Instant now) {
    return Duration.between(seen.at(), now).abs().compareTo(RECENT) <= 0;
  }

  /// How far all hosts' clocks are ahead of ours at least, below zero if behind, if that is more
  /// than tolerated; zero if one of them agrees with ours or they disagree on the direction; empty
  /// if too few answered lately.
  synchronized Optional<Duration> skew(Instant now) {
    List<Duration> ahead =
        hosts.values().stream().filter(seen -> recent(seen, now)).map(Seen::ahead).toList();
    if (ahead.size() < AGREEING) {
      return Optional.empty();
    }
    boolean same =
        ahead.stream().allMatch(Duration::isNegative)
            || ahead.stream().noneMatch(Duration::isNegative);
    Duration least =
        same ? Collections.min(ahead, Comparator.comparing(Duration::abs)) : Duration.ZERO;
    return Optional.of(least.abs().compareTo(TOLERATED) > 0 ? least : Duration.ZERO);
  }
}
