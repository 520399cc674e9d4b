package dev.sigwarden.tail;

import dev.sigwarden.log.LogSource;
import dev.sigwarden.settings.Section;
import dev.sigwarden.verify.TrustedLog;
import java.time.Duration;
import java.time.Instant;

/// One log of the configuration.
///
/// @param trusted its name, origin, keys and witnesses
/// @param protocol the protocol's name
/// @param source how to open it
/// @param entryFormat the format of its leaves, as `EntryDecoder.format()` answers
/// @param trust the name of the trusted root that its certificates are checked against; empty if
///   they are not checked
/// @param start where reading begins when the log is first met
/// @param until when it takes no entries any more, so that its silence is no news; `Instant.MAX` if
///   that is not known
/// @param timing how often it is asked, and what is too long
/// @param mode what is done with its entries
public record LogSettings(
    TrustedLog trusted,
    String protocol,
    LogSource source,
    String entryFormat,
    String trust,
    Start start,
    Instant until,
    Timing timing,
    Mode mode)
    implements FollowedSettings {

  /// What is done with a log's entries.
  public enum Mode {
    /// Each is read, proven and judged.
    JUDGE,
    /// None is read: the log's heads are proven to continue each other, and nothing else. Entries
    /// stay where reading stopped, for the day when they are read again.
    CONSISTENCY_ONLY
  }

  /// How often a log is asked, and what is too long.
  ///
  /// @param poll between two turns that find nothing new
  /// @param staleAfter how old the newest sign of life may be: a new head or a cosignature
  /// @param unreachableAfter how long a log may fail to answer
  /// @param rollbackAfter how long a log may show a smaller head before that is no stale cache
  /// @param backlogAfter how long a backlog may last without shrinking, or with as long still to go
  public record Timing(
      Duration poll,
      Duration staleAfter,
      Duration unreachableAfter,
      Duration rollbackAfter,
      Duration backlogAfter) {
    /// The defaults: a minute from signature to alert, and patience with what mends itself.
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(10),
            Duration.ofHours(24),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30));

    private static final Duration MIN = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofDays(365);

    static Timing read(Section log) {
      return new Timing(
          log.duration(
              "poll", DEFAULT.poll, MIN, Duration.ofDays(1), "between two looks at the log"),
          log.duration(
              "stale-after",
              DEFAULT.staleAfter,
              MIN,
              MAX,
              "how old the newest sign of life (a new head, a cosignature) may be"),
          log.duration(
              "unreachable-after",
              DEFAULT.unreachableAfter,
              MIN,
              MAX,
              "how long the log may fail to answer before that is told"),
          log.duration(
              "rollback-after",
              DEFAULT.rollbackAfter,
              MIN,
              MAX,
              "how long a smaller head may be shown before it counts as a rollback"),
          log.duration(
              "backlog-after",
              DEFAULT.backlogAfter,
              MIN,
              MAX,
              "how long a backlog may last without shrinking, or with as long still to go, before"
                  + " that is told"));
    }
  }

  @Override
  public String name() {
    return trusted.name();
  }

  @Override
  public String origin() {
    return trusted.origin();
  }

  @Override
  public boolean sameAs(BlockSettings other) {
    return other instanceof LogSettings log
        && trusted.equals(log.trusted)
        && protocol.equals(log.protocol)
        && until.equals(log.until)
        && source.sameAs(log.source);
  }

  /// The same log under another name.
  public LogSettings named(String name) {
    TrustedLog renamed =
        new TrustedLog(name, trusted.origin(), trusted.keys(), trusted.witnesses());
    return new LogSettings(
        renamed, protocol, source, entryFormat, trust, start, until, timing, mode);
  }
}
