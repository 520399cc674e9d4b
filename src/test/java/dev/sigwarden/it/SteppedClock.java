package dev.sigwarden.it;

import dev.sigwarden.sim.WebhookReceiver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/// The system's time, moved on by what the test says has passed meanwhile. Thread-safe.
final class SteppedClock extends Clock {
  /// How long a message may be under way, in the system's time.
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final Queue<Before> before = new ConcurrentLinkedQueue<>();

  /// What the clock was ahead by until the system's time `until`.
  private record Before(Duration ahead, Instant until) {}

  /// That much time passes at once.
  void pass(Duration time) {
    Duration old = ahead.getAndUpdate(ahead -> ahead.plus(time));
    before.add(new Before(old, Instant.now()));
  }

  /// Whether a message of that time may arrive now. One that was under way while time passed at
  /// once is not late.
  boolean mayArrive(Instant sent) {
    Instant now = Instant.now();
    return WebhookReceiver.near(sent, instant())
        || before.stream()
            .filter(it -> it.until().isAfter(now.minus(ON_ITS_WAY)))
            .anyMatch(it -> WebhookReceiver.near(sent, now.plus(it.ahead())));
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("always UTC");
  }
}
