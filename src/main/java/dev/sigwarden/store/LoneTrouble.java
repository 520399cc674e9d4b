package dev.sigwarden.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether trouble is that of one user of the database alone, and lasts. A database that takes
/// nobody's writes is told of once, for all its users (`Store.failing`); one that goes on refusing
/// this user while it takes others' is to be told of by this one. Thread-safe.
public final class LoneTrouble {
  /// How long trouble must go on behind a write that went well: whoever waited for the database
  /// while it was away may fail once more when it is there again.
  private static final Duration CALM = WriteTrouble.CALM;

  private final Store store;
  private final Duration patience;
  private final Clock clock;

  /// Since when nothing has gone well.
  private @Nullable Instant since;

  /// When a write of nobody's went well meanwhile.
  private @Nullable Instant written;

  /// @param patience how long nothing may go well before that is trouble
  /// @param clock by which that is measured
  public LoneTrouble(Store store, Duration patience, Clock clock) {
    this.store = store;
    this.patience = patience;
    this.clock = clock;
  }

  /// Something went well.
  public synchronized void over() {
    since = null;
    written = null;
  }

  /// Counts what was met, and says whether it is to be told of: nothing has gone well for long, and
  /// it is not the database that takes nobody's writes.
  public synchronized boolean lasts(Throwable met) {
    Instant now = clock.instant();
    Instant first = since;
    if (first == null || first.isAfter(now)) {
      over();
      since = now;
      return false;
    }
    return Duration.between(first, now).compareTo(patience) >= 0
        && (!(met instanceof StoreException) || isAlone(now));
  }

  private boolean isAlone(Instant now) {
    Instant well = written;
    if (well != null) {
      return Duration.between(well, now).compareTo(CALM) >= 0;
    }
    try {
      store.timetable().probe();
      written = now;
    } catch (StoreException e) {
      since = now;
    }
    return false;
  }
}
