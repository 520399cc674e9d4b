package dev.sigwarden.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many calls each caller may make: `burst` at once, refilled evenly. Remembers a bounded
/// number of callers, the ones that were silent longest are forgotten first: they have their full
/// budget again by then, unless somebody calls under thousands of names, which costs only those
/// names. Thread-safe.
public final class Budget {
  /// Callers remembered: some hundred bytes each.
  static final int MAX_CALLERS = 10_000;

  private final int burst;
  private final double perSecond;
  private final Clock clock;
  private final Map<String, State> states = new LinkedHashMap<>(16, 0.75f, true);

  private record State(double left, Instant at) {}

  /// A budget of `burst` calls, of which `perSecond` come back each second.
  public Budget(int burst, double perSecond, Clock clock) {
    if (burst < 1 || !(perSecond > 0)) {
      throw new IllegalArgumentException(
          "burst %d, per second %s (expected: above 0)".formatted(burst, perSecond));
    }
    this.burst = burst;
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /// Takes one call of the caller's budget. Returns zero, or how long it has to wait until there is
  /// one.
  public synchronized Duration take(String caller) {
    Instant now = clock.instant();
    State known = states.getOrDefault(caller, new State(burst, now));
    // A clock that was set back gives nothing and takes nothing.
    double seconds = Math.max(0, Duration.between(known.at(), now).toMillis() / 1e3);
    double left = Math.min(burst, known.left() + seconds * perSecond);
    boolean granted = left >= 1;
    states.put(caller, new State(granted ? left - 1 : left, now));
    forget();
    return granted
        ? Duration.ZERO
        : Duration.ofMillis(Math.max(1, (long) Math.ceil((1 - left) / perSecond * 1e3)));
  }

  private void forget() {
    Iterator<String> oldest = states.keySet().iterator();
    while (states.size() > MAX_CALLERS && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
  }
}
