package dev.sigwarden.schedule;

import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.quartz.CronExpression;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;

/// Runs named tasks again and again, each on a virtual thread of its own and never twice at a time.
/// What a task throws goes to the handler and does not end its schedule. Thread-safe.
public final class Schedule implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Schedule.class);

  /// How many tasks may run at once: more than any configuration has logs, so that a slow log never
  /// delays another. Virtual threads make a place cheap.
  static final int PLACES = 1_000;

  /// Between two looks at the clock.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// Times of a cron expression that are looked at.
  private static final int LOOKED_AT = 200;

  private final Scheduler scheduler;
  private final Clock clock;
  private final BiConsumer<String, Throwable> onError;
  private final Map<JobKey, BooleanSupplier> tasks = new ConcurrentHashMap<>();
  private final Map<JobKey, Duration> intervals = new ConcurrentHashMap<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private volatile boolean closing;

  // Owned by the thread of looks.
  private Instant last = Instant.MIN;

  private Schedule(Scheduler scheduler, Clock clock, BiConsumer<String, Throwable> onError) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.onError = onError;
  }

  /// Starts a schedule without tasks.
  ///
  /// @param name tells this schedule from others in the same process
  /// @param clock watched, lest tasks wait for a time that it was set back from
  /// @param onError told of a task's name and what it threw, except for `OutOfMemoryError`
  public static Schedule start(String name, Clock clock, BiConsumer<String, Throwable> onError) {
    Properties properties = new Properties();
    properties.put(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, name);
    properties.put(StdSchedulerFactory.PROP_THREAD_POOL_CLASS, VirtualThreads.class.getName());
    properties.put("org.quartz.threadPool.threadCount", Integer.toString(PLACES));
    properties.put(StdSchedulerFactory.PROP_SCHED_MAKE_SCHEDULER_THREAD_DAEMON, "true");
    try {
      Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
      Schedule schedule = new Schedule(scheduler, clock, onError);
      scheduler.setJobFactory((bundle, _) -> schedule.new Task(bundle.getJobDetail().getKey()));
      scheduler.start();
      var _ =
          schedule.looks.scheduleWithFixedDelay(
              schedule::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
      return schedule;
    } catch (SchedulerException e) {
      throw new IllegalStateException("starting the scheduler", e);
    }
  }

  /// Runs `task` now and then `interval` apart; once more at once as long as it returns true.
  public void every(String name, Duration interval, BooleanSupplier task) {
    JobKey key = JobKey.jobKey(name);
    tasks.put(key, task);
    intervals.put(key, interval);
    try {
      scheduler.scheduleJob(
          JobBuilder.newJob(Task.class).withIdentity(key).build(), trigger(key, interval));
    } catch (SchedulerException e) {
      throw new IllegalStateException("scheduling " + name, e);
    }
  }

  /// Starts the task no more; a run that is under way goes on. Does nothing if there is none of
  /// that name.
  public void cancel(String name) {
    JobKey key = JobKey.jobKey(name);
    intervals.remove(key);
    try {
      scheduler.deleteJob(key);
    } catch (SchedulerException e) {
      throw new IllegalStateException("cancelling " + name, e);
    }
  }

  private static Trigger trigger(JobKey key, Duration interval) {
    return TriggerBuilder.newTrigger()
        .withIdentity(key.getName())
        .startNow()
        .withSchedule(
            SimpleScheduleBuilder.simpleSchedule()
                .withIntervalInMilliseconds(Math.max(1, interval.toMillis()))
                .repeatForever()
                // A turn that took longer than its interval is not made up for.
                .withMisfireHandlingInstructionNextWithRemainingCount())
        .build();
  }

  /// Quartz goes by the time of day: after the clock was set back it would wait until that time
  /// comes again. Then every task begins anew.
  private void look() {
    Instant now = clock.instant();
    boolean setBack = now.isBefore(last);
    last = now;
    if (!setBack || closing) {
      return;
    }
    LOG.warn("the clock was set back; every task runs now");
    intervals.forEach((key, interval) -> {
      try {
        scheduler.rescheduleJob(TriggerKey.triggerKey(key.getName()), trigger(key, interval));
      } catch (SchedulerException e) {
        LOG.errorf(e, "%s could not be scheduled anew", key.getName());
      }
    });
  }

  /// The first time after `after` at which a cron expression of Quartz fires.
  ///
  /// @param cron seconds, minutes, hours, day of the month, month, day of the week
  /// @param zone whose clock counts
  /// @return empty if it never fires again
  /// @throws IllegalArgumentException if it is not understood
  public static Optional<Instant> next(String cron, ZoneId zone, Instant after) {
    try {
      CronExpression expression = new CronExpression(cron);
      expression.setTimeZone(TimeZone.getTimeZone(zone));
      return Optional.ofNullable(expression.getNextValidTimeAfter(Date.from(after)))
          .map(Date::toInstant);
    } catch (ParseException e) {
      throw new IllegalArgumentException("cron: " + e.getMessage(), e);
    }
  }

  /// Why a cron expression is no time for what people read: it is not understood, never fires, or
  /// fires more than once in `apart`, as `* 0 8 * * ?` does, at each second of a minute. Empty if
  /// it is one.
  public static Optional<String> misfit(String cron, ZoneId zone, Duration apart) {
    try {
      Optional<Instant> fired = next(cron, zone, Instant.EPOCH);
      if (fired.isEmpty()) {
        return Optional.of("never fires");
      }
      for (int i = 0; i < LOOKED_AT && fired.isPresent(); i++) {
        Instant last = fired.get();
        fired = next(cron, zone, last);
        Duration between = Duration.between(last, fired.orElse(Instant.MAX));
        if (between.compareTo(apart) < 0) {
          return Optional.of("fires again after " + between);
        }
      }
      return Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.of("is not understood");
    }
  }

  /// Whether the schedule is being closed, so that long tasks should end soon.
  public boolean closing() {
    return closing;
  }

  /// Starts no further task and waits for those that run; those that do not end within
  /// `VirtualThreads.GRACE` are interrupted, and left alone soon after. Harmless when repeated.
  @Override
  public void close() {
    closing = true;
    looks.shutdownNow();
    try {
      scheduler.shutdown(true);
    } catch (SchedulerException e) {
      throw new IllegalStateException("stopping the scheduler", e);
    }
  }

  /// One run of a task.
  @DisallowConcurrentExecution
  final class Task implements Job {
    private final JobKey key;

    Task(JobKey key) {
      this.key = key;
    }

    @Override
    public void execute(JobExecutionContext context) {
      BooleanSupplier task = Objects.requireNonNull(tasks.get(key));
      try {
        boolean more = true;
        while (more && !closing) {
          more = task.getAsBoolean();
        }
      } catch (OutOfMemoryError e) {
        // Nothing that is still to be done can be relied on; the process is to end.
        throw e;
      } catch (RuntimeException | Error e) {
        // The boundary at which a bug, or a failing database, ends one turn and not the daemon.
        onError.accept(key.getName(), e);
      }
    }
  }
}
