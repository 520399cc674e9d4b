package dev.sigwarden.daemon;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.replica.Tenure;
import dev.sigwarden.schedule.Schedule;
import dev.sigwarden.store.LoneTrouble;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/// The repeated work of one configuration, of which a process does what is its own. A task that
/// fails is tried again and is told of as `internal-error` until it goes well; a database that
/// fails every task is told of once, by `DatabaseWatch`.
final class Tasks implements Following.Tasks {
  private static final Logger LOG = Logger.getLogger(Tasks.class);

  /// How long the database may fail a task before that is told.
  private static final Duration PATIENCE = DatabaseWatch.PATIENCE;

  private final Configuration configuration;
  private final Tenure tenure;
  private final ConditionBoard board;
  private final Conditions conditions;
  private final Clock clock;
  private final Schedule schedule;

  /// What each task met of the database.
  private final Map<String, LoneTrouble> troubles = new ConcurrentHashMap<>();

  private final Store store;

  /// Starts a schedule without tasks.
  ///
  /// @param machine the clock of this machine, by which Quartz goes
  /// @param clock the store's, by which all else goes
  Tasks(
      Configuration configuration,
      Store store,
      Tenure tenure,
      ConditionBoard board,
      Conditions conditions,
      Clock machine,
      Clock clock) {
    this.configuration = configuration;
    this.tenure = tenure;
    this.board = board;
    this.conditions = conditions;
    this.clock = clock;
    this.store = store;
    this.schedule = Schedule.start(configuration.instance(), machine, this::failed);
  }

  @Override
  public void inOne(String task, Duration interval, BooleanSupplier work) {
    inEach(task, interval, () -> tenure.holds(task) && work.getAsBoolean());
  }

  @Override
  public void inEach(String task, Duration interval, BooleanSupplier work) {
    String failed = FindingId.condition(configuration.tenant(), Kind.INTERNAL_ERROR.label(), task);
    LoneTrouble trouble = trouble(task);
    tenure.want(task);
    schedule.every(
        task,
        interval,
        () -> {
          boolean more = work.getAsBoolean();
          trouble.over();
          if (tenure.holds(task)) {
            board.resolve(failed, "");
          }
          return more;
        });
  }

  /// What decides when a task runs.
  Schedule schedule() {
    return schedule;
  }

  private LoneTrouble trouble(String task) {
    return troubles.computeIfAbsent(task, _ -> new LoneTrouble(store, PATIENCE, clock));
  }

  private void failed(String task, Throwable failure) {
    boolean mine = !schedule.closing() && tenure.holds(task);
    if (failure instanceof StoreException) {
      // What is wrong with the database is told once for all tasks.
      LOG.warnf("%s failed; it will be tried again: %s", task, failure.getMessage());
    } else if (mine) {
      LOG.errorf(failure, "%s failed; it will be tried again", task);
    } else {
      // Another process has the task, or will, and tells what goes wrong.
      LOG.warnf(failure, "%s failed and is another's, or was being closed", task);
    }
    if (!mine || (failure instanceof StoreException && !trouble(task).lasts(failure))) {
      return;
    }
    String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    try {
      board.raise(conditions.internalError(task, reason, clock.instant()), "");
    } catch (StoreException e) {
      LOG.debugf(e, "%s failed, and that could not be written down", task);
    } catch (RuntimeException e) {
      LOG.errorf(e, "%s failed, and that could not be written down", task);
    }
  }
}
