package dev.sigwarden.log.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/// How many requests per second one kind of work makes at each host, all its threads together. What
/// was not used for up to a second may be caught up. Thread-safe.
final class Pace {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// The longest wait that is computed, whatever the pace: it is asked again after that.
  private static final double MOST_NANOS = TimeUnit.HOURS.toNanos(1);

  private final DoubleSupplier perSecond;

  /// When the next request at each host may begin, by `System.nanoTime()`. Only configured hosts
  /// are asked, so there are few.
  private final Map<String, Long> next = new ConcurrentHashMap<>();

  /// @param perSecond above 0, asked for each request
  Pace(DoubleSupplier perSecond) {
    this.perSecond = perSecond;
  }

  /// Waits for the next turn at `host`.
  void await(String host) throws InterruptedException {
    long wait = spend(host) - System.nanoTime();
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }

  /// Takes the next turn at `host` without waiting for it, and returns when it is.
  long spend(String host) {
    long now = System.nanoTime();
    long apart = (long) Math.min(MOST_NANOS, NANOS_PER_SECOND / perSecond.getAsDouble());
    long after =
        next.merge(
            host, now + apart, (slot, _) -> Math.max(slot - now, -NANOS_PER_SECOND) + now + apart);
    return after - apart;
  }
}
