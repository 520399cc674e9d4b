package dev.sigwarden.daemon;

import dev.sigwarden.alert.Regulars;
import dev.sigwarden.notify.Receiver;
import dev.sigwarden.schedule.Schedule;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is told by the clock, as configured.
///
/// @param heartbeat that we are alive; empty for no heartbeat
/// @param reports by the operator's name
/// @param drills by the operator's name
public record Routine(
    Optional<Heartbeat> heartbeat, Map<String, Report> reports, Map<String, DrillPlan> drills) {
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
    drills = Map.copyOf(drills);
  }

  /// Reads the keys `heartbeat`, `reports` and `drills` of a configuration.
  ///
  /// @param known all receivers by name
  /// @param watches the names of all watches
  static Routine read(Section root, Map<String, Receiver> known, Collection<String> watches) {
    Optional<Heartbeat> heartbeat =
        root.section("heartbeat", "a steady sign of life", section -> heartbeat(section, known));
    Map<String, Report> reports =
        root.sections(
            "reports",
            "what was found and what is open, at set times, by a name of your own",
            section -> report(section, known));
    Map<String, DrillPlan> drills =
        root.sections(
            "drills",
            "marked signatures through the whole path at set times, by a name of your own",
            section -> DrillPlan.read(section, known.keySet(), watches));
    return new Routine(heartbeat, reports, drills);
  }

  private static Heartbeat heartbeat(Section section, Map<String, Receiver> known) {
    Duration interval =
        section.duration(
            "interval",
            Duration.ofMinutes(1),
            Duration.ofSeconds(Regulars.BEAT_SECONDS),
            LONGEST,
            "between two");
    List<String> receivers = section.optionalTexts("receivers", "who gets it as an event");
    require(section, "receivers", receivers, known.keySet());
    requireNoIncidents(section, receivers, known, "a ping");
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

  private static Report report(Section section, Map<String, Receiver> known) {
    Cron when = Cron.read(section);
    List<String> receivers = section.texts("receivers", "who gets it");
    require(section, "receivers", receivers, known.keySet());
    requireNoIncidents(section, receivers, known, "mail or chat");
    return new Report(when.cron(), when.zone(), receivers);
  }

  /// Times of the calendar.
  ///
  /// @param cron when, as Quartz writes it
  /// @param zone whose clock counts
  record Cron(String cron, ZoneId zone) {
    static Cron read(Section section) {
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
      return new Cron(cron, zone);
    }
  }

  /// Notes each name that no receiver has.
  static void require(Section section, String key, List<String> receivers, Set<String> known) {
    receivers.forEach(receiver -> Nearest.require(section, key, "receiver", receiver, known));
  }

  /// Notes each receiver that would keep an incident for every telling, since none of these ends.
  private static void requireNoIncidents(
      Section section, List<String> receivers, Map<String, Receiver> known, String other) {
    for (String name : receivers) {
      Receiver receiver = known.get(name);
      if (receiver != null && receiver.incidents()) {
        section.problem(
            "receivers",
            name + ", which would open an incident that nothing ends",
            "a receiver that keeps no incidents; or " + other);
      }
    }
  }
}
