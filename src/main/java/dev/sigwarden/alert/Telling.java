package dev.sigwarden.alert;

import java.time.Duration;
import java.util.List;

/// One receiver that a route chose for an alert, and how it wants to be told.
///
/// @param receiver the receiver's name
/// @param group what is told together; empty to be told each by itself. What is critical or of a
///   log's misbehaviour is told by itself whatever stands here
/// @param patience how long the first of a group waits for others
/// @param interval between two tellings of a group, and between two digests of what was too much
/// @param repeat between two reminders while nobody has taken it; zero for none
/// @param perHour findings of the same log, kind, watch and hour that are told one by one, the
///   others in digests; `ALL` for however many there are
/// @param hours when the receiver wants to be told
public record Telling(
    String receiver,
    String group,
    Duration patience,
    Duration interval,
    Duration repeat,
    int perHour,
    Hours hours) {
  /// Told one by one however many there are.
  public static final int ALL = 0;

  /// Between two digests unless the operator says otherwise.
  public static final Duration INTERVAL = Duration.ofMinutes(5);

  /// Time intervals that a route is bound to, by name.
  ///
  /// @param mute told in none of these
  /// @param active told in these only; empty for at any time
  public record Hours(List<String> mute, List<String> active) {
    /// At any time.
    public static final Hours ALWAYS = new Hours(List.of(), List.of());

    private static final String MUTE = "mute ";
    private static final String ACTIVE = "active ";

    public Hours {
      mute = List.copyOf(mute);
      active = List.copyOf(active);
    }

    /// One name a line; what `read` reads.
    public String write() {
      StringBuilder lines = new StringBuilder();
      mute.forEach(name -> lines.append(MUTE).append(name).append('\n'));
      active.forEach(name -> lines.append(ACTIVE).append(name).append('\n'));
      return lines.toString();
    }

    /// What `write` wrote.
    public static Hours read(String text) {
      return new Hours(named(text, MUTE), named(text, ACTIVE));
    }

    private static List<String> named(String text, String how) {
      return text.lines()
          .filter(line -> line.startsWith(how))
          .map(line -> line.substring(how.length()))
          .toList();
    }
  }

  /// A receiver that is told everything at once and once.
  public static Telling plain(String receiver) {
    return new Telling(receiver, "", Duration.ZERO, INTERVAL, Duration.ZERO, ALL, Hours.ALWAYS);
  }

  /// The same, told one by one no more often than that.
  public Telling atMost(int most) {
    return new Telling(receiver, group, patience, interval, repeat, most, hours);
  }
}
