package dev.sigwarden.outbox;

import dev.sigwarden.notify.Notifier;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/// Delivers what the store holds for each receiver, at least once: one worker per receiver, so that
/// a dead or hanging one delays no other. What is due is asked of the store each time; nothing is
/// lost with this process.
///
/// A crash between sending and writing that down repeats the delivery with the same key. Deliveries
/// of receivers that have no worker stay pending, visible in `Store.queues`.
public final class Outbox implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Outbox.class);

  /// How long interrupted workers may take to end before they are left behind.
  private static final Duration LAST_GRACE = Duration.ofSeconds(1);

  private final Store store;
  private final OutboxPolicy policy;
  private final String owner;
  private final Map<String, Courier> couriers = new LinkedHashMap<>();
  private final Map<String, Thread> threads = new LinkedHashMap<>();
  private boolean closed;

  /// A stopped outbox.
  ///
  /// @param receivers by name; closed with the outbox
  /// @param owner this outbox's name in leases
  /// @param mine whether a receiver's deliveries fall to this process now
  /// @param random jitter; must be safe for several threads
  /// @param deadLetter told of receivers that fail and recover
  public Outbox(
      Store store,
      Map<String, Notifier> receivers,
      OutboxPolicy policy,
      String owner,
      Predicate<String> mine,
      Clock clock,
      RandomGenerator random,
      DeadLetter deadLetter) {
    this.store = store;
    this.policy = policy;
    this.owner = owner;
    receivers.forEach((name, notifier) ->
        couriers.put(
            name,
            new Courier(
                name,
                notifier,
                owner,
                () -> mine.test(name),
                store,
                policy,
                clock,
                random,
                deadLetter)));
  }

  /// Starts the workers; once.
  public synchronized void start() {
    if (!threads.isEmpty()) {
      throw new IllegalStateException("the outbox was started before");
    }
    couriers.forEach((name, courier) ->
        threads.put(name, Thread.ofVirtual().name("outbox-" + name).start(courier)));
  }

  /// Has every worker look for deliveries now: to be called after something was routed.
  public void wake() {
    couriers.values().forEach(Courier::wake);
  }

  /// Waits for the workers until `end`, in `System.nanoTime()`.
  ///
  /// @return whether it was interrupted, which ends the waiting: whoever closes is in a hurry
  private boolean join(long end) {
    for (Thread worker : threads.values()) {
      try {
        boolean _ = worker.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      } catch (InterruptedException _) {
        return true;
      }
    }
    return false;
  }

  /// Stops the workers after the attempts under way, for as long as the policy's grace; what is
  /// then still under way is cut off, given back, and may be sent twice. Closes the receivers.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (threads.isEmpty()) {
      couriers.values().forEach(Courier::close);
      return;
    }
    couriers.values().forEach(Courier::stop);
    long end = System.nanoTime() + policy.grace().toNanos();
    boolean interrupted = join(end);
    threads.forEach((receiver, worker) -> {
      if (worker.isAlive()) {
        LOG.warnf("an attempt at %s did not end in time and is cut off", receiver);
        worker.interrupt();
      }
    });
    interrupted |= join(System.nanoTime() + LAST_GRACE.toNanos());
    try {
      store.release(owner);
    } catch (StoreException e) {
      LOG.warnf("leases could not be given back and end by themselves: %s", e.getMessage());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
