package dev.sigwarden.daemon;

import dev.sigwarden.alert.Regulars;
import dev.sigwarden.schedule.Schedule;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is told by the clock, as configured.
///
/// @param heartbeat that we are alive; empty for no heartbeat
/// @param reports by the operator's name
public record Routine(Optional<Heartbeat> heartbeat, Map<String, Report> reports) {
  /// The longest any of it may be apart: what comes more seldom is missed by nobody.
  private static final Duration LONGEST = Duration.ofDays(1);

  /// A steady sign of life.
  ///
  /// @param interval between two
  /// @param receivers who gets it as an event
  /// @param ping a dead man's switch that is asked with each; empty for none
  public record Heartbeat(Duration interval, List<String> receivers, Optional<Ping> ping) {
    public Heartbeat {
      receivers = List.copyOf(receivers);
    }
  }

  /// A dead man's switch: raises the alarm when nobody asks it any more.
  ///
  /// @param url its address, which is as good as a password
  /// @param allowPrivate whether loopback and private networks are allowed
  public record Ping(URI url, boolean allowPrivate) {}

  /// The shortest time between two reports: a star where the seconds are makes sixty of one.
  private static final Duration APART = Duration.ofMinutes(10);

  /// A report at set times.
  ///
  /// @param cron when, as Quartz writes it
  /// @param zone whose clock counts
  /// @param receivers who gets it
  public record Report(String cron, ZoneId zone, List<String> receivers) {
    public Report {
      receivers = List.copyOf(receivers);
    }
  }

  public Routine {
    reports = Map.copyOf(reports);
  }

  /// Reads the keys `heartbeat` and `reports` of a configuration.
  ///
  /// @param known the names of all receivers
  static Routine read(Section root, Set<String> known) {
    Optional<Heartbeat> heartbeat =
        root.section("heartbeat", "a steady sign of life", section -> heartbeat(section, known));
    Map<String, Report> reports =
        root.sections(
            "reports",
            "what was found and what is open, at set times, by a name of your own",
            section -> report(section, known));
    return new Routine(heartbeat, reports);
  }

  private static Heartbeat heartbeat(Section section, Set<String> known) {
    Duration interval =
        section.duration(
            "interval",
            Duration.ofMinutes(1),
            Duration.ofSeconds(Regulars.BEAT_SECONDS),
            LONGEST,
            "between two");
    List<String> receivers = section.optionalTexts("receivers", "who gets it as an event");
    require(section, receivers, known);
    Optional<Ping> ping =
        section.section("ping", "a dead man's switch that is asked with each", Routine::ping);
    if (receivers.isEmpty() && ping.isEmpty()) {
      section.problem("receivers", "nothing", "receivers, or a ping");
    }
    return new Heartbeat(interval, receivers, ping);
  }

  private static Ping ping(Section section) {
    URI url = section.url("url", List.of("https", "http"), "its address");
    boolean insecure =
        section.flag("allow-insecure", false, "allow http, which anybody on the way can read");
    if (url.getScheme().equals("http") && !insecure) {
      section.problem("url", "http", "https (or allow-insecure: true)");
    }
    return new Ping(
        url, section.flag("allow-private", false, "allow loopback and private network addresses"));
  }

  private static Report report(Section section, Set<String> known) {
    String expected =
        "a cron expression of Quartz, such as 0 0 8 ? * MON-FRI: seconds, minutes, hours, day of"
            + " the month, month, day of the week; at most every ten minutes";
    String cron = section.text("cron", expected);
    ZoneId zone = ZoneOffset.UTC;
    String named = section.text("zone", "UTC", "a time zone such as Europe/Zurich");
    try {
      zone = ZoneId.of(named);
    } catch (DateTimeException _) {
      section.problem("zone", named, "a time zone such as Europe/Zurich");
    }
    Schedule.misfit(cron, zone, APART)
        .ifPresent(why -> section.problem("cron", cron + " " + why, expected));
    List<String> receivers = section.texts("receivers", "who gets it");
    require(section, receivers, known);
    return new Report(cron, zone, receivers);
  }

  private static void require(Section section, List<String> receivers, Set<String> known) {
    for (String receiver : receivers) {
      if (!known.contains(receiver)) {
        section.problem(
            "receivers",
            "unknown receiver " + receiver + Nearest.hint(receiver, known),
            "one of " + String.join(", ", known));
      }
    }
  }
}
