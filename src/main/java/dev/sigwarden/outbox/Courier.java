package dev.sigwarden.outbox;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.store.LoneTrouble;
import dev.sigwarden.store.Pending;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The worker of one receiver: takes one delivery at a time, the gravest first, tries it, and
/// writes down what came of it before it takes the next.
///
/// An attempt runs on a thread of its own with a deadline, so that a channel that hangs is a
/// failure like any other. While it hangs, further attempts wait behind it and fail the same way: a
/// notifier is never used by two threads.
final class Courier implements Runnable {
  private static final Logger LOG = Logger.getLogger(Courier.class);

  /// How long to wait after a failure of the database or of this class itself.
  private static final Duration TROUBLE_PAUSE = Duration.ofSeconds(5);

  /// How long nothing may go well before others are told: longer than a database fails over.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String receiver;
  private final Notifier notifier;
  private final String owner;
  private final BooleanSupplier mine;
  private final Store store;
  private final OutboxPolicy policy;
  private final Clock clock;
  private final DeadLetter deadLetter;
  private final RetrySchedule schedule;
  private final Breaker breaker = new Breaker();
  private final RateLimit rate;
  private final Semaphore signal = new Semaphore(0);
  private final ExecutorService attempts;
  private volatile boolean stopping;

  /// Whether the receiver took the last alert; false at first, since an earlier process may have
  /// told that it was failing.
  private boolean well;

  /// What is still to be written about the last attempt; kept over failures of the database, so
  /// that an alert that was sent is not sent again.
  private @Nullable Runnable unwritten;

  /// Steps that each met trouble of our own.
  private final LoneTrouble troubled;

  /// What is told again though it is no news.
  private final Refresh refresh;

  /// Whether the last thing done was a page of that: news and it take turns.
  private boolean refreshed;

  Courier(
      String receiver,
      Notifier notifier,
      String owner,
      BooleanSupplier mine,
      Store store,
      OutboxPolicy policy,
      Clock clock,
      RandomGenerator random,
      DeadLetter deadLetter) {
    this.receiver = receiver;
    this.notifier = notifier;
    this.owner = owner;
    this.mine = mine;
    this.store = store;
    this.policy = policy;
    this.clock = clock;
    this.deadLetter = deadLetter;
    this.schedule = new RetrySchedule(policy.maxAge(), random);
    this.troubled = new LoneTrouble(store, PATIENCE, clock);
    this.refresh = new Refresh(receiver, notifier, store);
    this.rate = new RateLimit(policy.rateOf(receiver));
    this.attempts =
        Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("outbox-attempt-" + receiver).factory());
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        signal.drainPermits();
        Duration pause = guardedStep();
        if (pause.isPositive() && !stopping) {
          boolean _ = signal.tryAcquire(pause.toMillis() + 1, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      LOG.debugf("worker of %s was stopped during an attempt", receiver);
    } finally {
      close();
    }
  }

  /// Closes the receiver; for a worker that never ran.
  void close() {
    List<Runnable> _ = attempts.shutdownNow();
    notifier.close();
  }

  private Duration guardedStep() throws InterruptedException {
    try {
      Duration pause = step();
      troubled.over();
      return pause.compareTo(policy.tick()) > 0 ? policy.tick() : pause;
    } catch (StoreException e) {
      LOG.warnf("deliveries to %s wait for the database: %s", receiver, e.getMessage());
      lasts(e);
    } catch (InterruptedException | OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      // The boundary of one step: whatever one delivery met, the ones behind it are tried.
      LOG.errorf(e, "deliveries to %s met an error of Sigwarden's own", receiver);
      lasts(e);
    }
    return TROUBLE_PAUSE;
  }

  /// Tells others of the receiver once steps have met trouble of our own for long.
  private void lasts(Throwable trouble) {
    if (!troubled.lasts(trouble) || !mine.getAsBoolean()) {
      return;
    }
    try {
      failing("its deliveries cannot be read or written down: " + trouble);
    } catch (StoreException e) {
      LOG.debugf(e, "the trouble of %s could not be written down", receiver);
    } catch (RuntimeException e) {
      // Like the trouble itself, it must not end the worker.
      LOG.errorf(e, "the trouble of %s could not be written down", receiver);
    }
  }

  /// Does one delivery if one is due; returns how long there is nothing to do.
  private Duration step() throws InterruptedException {
    if (unwritten != null) {
      unwritten.run();
      unwritten = null;
    }
    if (!mine.getAsBoolean()) {
      // Whoever has had the receiver meanwhile may have told that it was failing.
      well = false;
      return policy.tick();
    }
    Instant now = clock.instant();
    Duration quiet = breaker.pause(now);
    Duration turn = rate.pause(now);
    Duration pause = quiet.compareTo(turn) > 0 ? quiet : turn;
    if (pause.isPositive()) {
      return pause;
    }
    if (!refreshed && refresh.isDue(now)) {
      refreshed = true;
      rate.sent(now);
      refresh(now);
      return Duration.ZERO;
    }
    refreshed = false;
    List<Pending> due = store.lease(receiver, 1, policy.lease(), owner);
    if (due.isEmpty()) {
      return refresh.isDue(now) ? Duration.ZERO : policy.tick();
    }
    Pending delivery = due.getFirst();
    rate.sent(now);
    Message message = new Message(delivery.key(), delivery.alert(), delivery.openedKey());
    Delivery result = attempt(() -> notifier.deliver(message));
    Instant end = clock.instant();
    boolean hurried = RetrySchedule.hurried(delivery, end);
    breaker.after(result, end, hurried ? RetrySchedule.CRITICAL_CAP : Breaker.LONGEST_PROBE);
    RetrySchedule.Next next = schedule.after(result, delivery, end);
    unwritten = () -> write(delivery, next);
    unwritten.run();
    unwritten = null;
    return Duration.ZERO;
  }

  /// Tells the receiver some of what it forgets otherwise. That it does not take it is told as it
  /// is of news.
  private void refresh(Instant now) throws InterruptedException {
    List<Message> page = refresh.page(now);
    if (page.isEmpty()) {
      return;
    }
    Delivery result = attempt(() -> notifier.refresh(page));
    Instant end = clock.instant();
    refresh.after(result, end);
    switch (result) {
      case Delivery.LeftOut _ -> {
        // The receiver was not asked.
      }
      case Delivery.Refused(String reason) ->
          LOG.warnf("%s does not take again what it was told: %s", receiver, reason);
      case Delivery.Delivered _ -> {
        breaker.after(result, end, Breaker.LONGEST_PROBE);
        wentWell();
      }
      case Delivery.TryAgain(String reason, _) -> refreshFailed(result, reason, end);
      case Delivery.Unauthorized(String reason) -> refreshFailed(result, reason, end);
    }
  }

  private void refreshFailed(Delivery result, String reason, Instant end) {
    breaker.after(result, end, Breaker.LONGEST_PROBE);
    if (breaker.isOpen()) {
      failing(reason);
    }
  }

  private Delivery attempt(Callable<Delivery> made) throws InterruptedException {
    Future<Delivery> attempt = attempts.submit(made);
    try {
      return attempt.get(policy.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return failed("no answer within " + policy.deadline().toSeconds() + " s");
    } catch (ExecutionException e) {
      LOG.errorf(e.getCause(), "the channel of %s met an error of its own", receiver);
      return failed("the channel met an error of its own; see the daemon's log");
    } finally {
      // Ends an attempt that goes on after its deadline; does nothing to one that has ended.
      boolean _ = attempt.cancel(true);
    }
  }

  private static Delivery failed(String reason) {
    return new Delivery.TryAgain(reason, Optional.empty());
  }

  /// Writes down what came of an attempt. Others are told of a failing receiver before a delivery
  /// is given up, so that no dead letter goes untold. May run again if it throws.
  private void write(Pending delivery, RetrySchedule.Next next) {
    switch (next) {
      case RetrySchedule.Next.Done(String reference) -> {
        store.sent(delivery, reference);
        wentWell();
      }
      case RetrySchedule.Next.LeftOut(String reason) -> store.sent(delivery, reason);
      case RetrySchedule.Next.Again(Instant at, String reason) -> {
        if (breaker.isOpen()) {
          failing(reason);
        }
        store.retry(delivery, at, reason);
      }
      case RetrySchedule.Next.GiveUp(String reason) -> {
        failing(reason);
        store.dead(delivery, reason);
      }
    }
  }

  private void wentWell() {
    if (!well) {
      deadLetter.recovered(receiver);
      well = true;
    }
  }

  private void failing(String reason) {
    well = false;
    deadLetter.failing(receiver, reason);
  }

  /// Has the worker look now.
  void wake() {
    signal.release();
  }

  /// Has the worker end after the attempt under way.
  void stop() {
    stopping = true;
    signal.release();
  }
}
