package dev.sigwarden.daemon;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.DatabaseConditions;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.replica.Membership;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreException;
import dev.sigwarden.store.WriteFailure;
import dev.sigwarden.text.Sanitizer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Tells of a database that takes no writes: in the log while that lasts, since nobody can be told
/// otherwise, and the receivers once it is over. Thread-safe.
final class DatabaseWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DatabaseWatch.class);

  /// What is shorter is met by trying again: as long as a replica may be unheard of.
  static final Duration PATIENCE = Membership.LEASE;

  /// Between two looks.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// How long an outage is a condition after its end: until it is settled anew which of several
  /// replicas tells, so that each finds it told.
  private static final Duration KEPT = Membership.LEASE.multipliedBy(2);

  private final Store store;
  private final Supplier<Optional<Engine>> engine;
  private final Predicate<String> holds;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("database-watch").factory());

  /// A time in which the database took no writes.
  private record Outage(Instant from, Instant to, String why) {}

  // Owned by the thread of looks.
  private @Nullable Outage failed;
  private @Nullable Outage over;
  private boolean told;
  private Instant until = Instant.MIN;

  /// @param engine what tells, if it runs
  /// @param holds whether a task is this process's
  DatabaseWatch(Store store, Supplier<Optional<Engine>> engine, Predicate<String> holds) {
    this.store = store;
    this.engine = engine;
    this.holds = holds;
  }

  void start() {
    var _ =
        looks.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      Optional<WriteFailure> failing = store.failing();
      if (failing.isPresent()) {
        fails(failing.get());
      } else {
        takesWrites();
      }
    } catch (StoreException e) {
      LOG.debug("an outage of the database is told at the next look", e);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // The boundary of one look: the next one tries again.
      LOG.error("looking at the database failed", e);
    }
  }

  private void fails(WriteFailure failing) {
    if (failing.since().compareTo(PATIENCE) < 0) {
      return;
    }
    Instant now = store.clock().instant();
    String why = Sanitizer.clean(failing.why());
    if (failed == null) {
      LOG.errorf(
          "the database has taken no writes for %d s: until it does, nothing is judged, told or"
              + " remembered (%s)",
          failing.since().toSeconds(), why);
    }
    failed = new Outage(now.minus(failing.since()), now.minus(failing.last()), why);
  }

  private void takesWrites() {
    Instant now = store.clock().instant();
    Outage ended = failed;
    if (ended != null) {
      LOG.errorf(
          "the database takes writes again; it took none from %s to %s",
          ended.from().truncatedTo(ChronoUnit.SECONDS), ended.to().truncatedTo(ChronoUnit.SECONDS));
      failed = null;
      over = ended;
      told = false;
      until = now.plus(KEPT);
    }
    Outage left = over;
    Optional<Engine> telling = engine.get();
    if (left != null && telling.isPresent()) {
      tell(telling.get(), left, now);
    }
  }

  private void tell(Engine telling, Outage outage, Instant now) {
    ConditionBoard board = telling.board();
    Alert away =
        new DatabaseConditions(telling.conditions()).away(outage.from(), outage.to(), outage.why());
    told |= board.open(away.uid()).isPresent();
    if (now.isAfter(until)) {
      board.resolve(away.uid(), "");
      over = null;
    } else if (!told && holds.test(Engine.TELLING)) {
      board.raise(away, "");
      told = true;
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
