package dev.sigwarden.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which tasks the database has failed, and since when. That it fails them all is told once, by
/// `DatabaseWatch`; what it fails for long while it takes others' writes is an error of that task.
/// Thread-safe.
final class StoreFaults {
  /// How long the database may fail a task before that is the task's own trouble.
  static final Duration PATIENCE = DatabaseWatch.PATIENCE;

  private final Clock clock;
  private final Map<String, Instant> since = new ConcurrentHashMap<>();

  /// @param clock the store's
  StoreFaults(Clock clock) {
    this.clock = clock;
  }

  /// Counts a failure, and says whether the task has failed for so long that it is to be told of.
  boolean lasts(String task) {
    Instant now = clock.instant();
    Instant first = since.merge(task, now, (old, other) -> old.isAfter(other) ? other : old);
    return Duration.between(first, now).compareTo(PATIENCE) >= 0;
  }

  /// The task went well, or all writes fail.
  void over(String task) {
    since.remove(task);
  }
}
