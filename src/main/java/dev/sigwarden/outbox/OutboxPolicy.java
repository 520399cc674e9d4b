package dev.sigwarden.outbox;

import dev.sigwarden.notify.Receiver;
import java.time.Duration;
import java.util.Map;

/// How patient and how fast deliveries are.
///
/// @param maxAge how long an alert is tried before it is given up
/// @param rate messages a minute that a receiver gets at most, `>= 1`
/// @param rates the same for receivers of which it is known, by name
/// @param deadline how long one attempt may take before it counts as failed: above every channel's
///   own, which knows better what it waits for
/// @param lease how long a worker keeps a delivery; longer than `deadline`, so that no other starts
///   the same one meanwhile
/// @param tick how long a worker sleeps at most before it looks again
/// @param grace how long `Outbox.close` waits for attempts under way: with the rest of an orderly
///   end, less than the 10 s after which the least patient service managers kill
public record OutboxPolicy(
    Duration maxAge,
    int rate,
    Map<String, Integer> rates,
    Duration deadline,
    Duration lease,
    Duration tick,
    Duration grace) {
  public OutboxPolicy {
    rates = Map.copyOf(rates);
    if (rate < 1 || rates.values().stream().anyMatch(own -> own < 1)) {
      throw new IllegalArgumentException("rate: below one message a minute (expected: >= 1)");
    }
    if (lease.compareTo(deadline) <= 0) {
      throw new IllegalArgumentException(
          "lease: %s (expected: longer than the deadline, %s)".formatted(lease, deadline));
    }
  }

  /// What suits a daemon: three days of patience, so that a long weekend loses nothing.
  public static OutboxPolicy standard() {
    return new OutboxPolicy(
        Duration.ofDays(3),
        Receiver.DEFAULT_RATE,
        Map.of(),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        Duration.ofSeconds(8));
  }

  /// The same with these receivers' own rates, messages a minute by name.
  public OutboxPolicy withRates(Map<String, Integer> own) {
    return new OutboxPolicy(maxAge, rate, own, deadline, lease, tick, grace);
  }

  /// Messages a minute for one receiver.
  int rateOf(String receiver) {
    return rates.getOrDefault(receiver, rate);
  }
}
