package dev.sigwarden.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jboss.logging.Logger;

/// The time of a database that several machines share: this machine's clock, moved to the
/// database's while they differ by more than `TOLERATED`. So a machine whose clock is wrong judges,
/// leases and waits by the same time as all others. Thread-safe.
final class SharedClock extends Clock {
  private static final Logger LOG = Logger.getLogger(SharedClock.class);

  /// How far the clocks may differ and nothing is done about it: what a slow answer alone could
  /// feign, and more than clocks that are kept right ever differ.
  static final Duration TOLERATED = Duration.ofSeconds(2);

  private final Clock own;
  private final Duration tolerated;
  private volatile Duration ahead = Duration.ZERO;

  SharedClock(Clock own) {
    this(own, TOLERATED);
  }

  /// @param tolerated how far the clocks may differ and nothing is done about it
  SharedClock(Clock own, Duration tolerated) {
    this.own = own;
    this.tolerated = tolerated;
  }

  /// Takes note of what the database said between two moments of this machine's clock.
  void heard(Instant asked, Instant said, Instant answered) {
    Duration took = Duration.between(asked, answered);
    if (took.isNegative() || took.compareTo(tolerated) > 0) {
      return;
    }
    Duration differ = Duration.between(asked.plus(took.dividedBy(2)), said);
    if (differ.minus(ahead).abs().compareTo(tolerated) > 0) {
      boolean apart = differ.abs().compareTo(tolerated) > 0;
      if (apart) {
        LOG.warnf(
            "this machine's clock is %s the database's by %d s; the database's time counts",
            differ.isNegative() ? "ahead of" : "behind", differ.abs().toSeconds());
      } else {
        LOG.info("this machine's clock and the database's agree again");
      }
      ahead = apart ? differ : Duration.ZERO;
    }
  }

  /// How far the database's time is ahead of this machine's, negative if behind; zero within what
  /// is tolerated.
  Duration ahead() {
    return ahead;
  }

  @Override
  public Instant instant() {
    return own.instant().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return own.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.offset(own.withZone(zone), ahead);
  }
}
