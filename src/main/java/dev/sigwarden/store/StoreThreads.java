package dev.sigwarden.store;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Platform threads that talk to a database while the caller waits. A virtual thread inside native
/// code pins its carrier, and one that is interrupted closes the connection that it reads from.
final class StoreThreads implements AutoCloseable {
  /// Between two looks whether the program ends, in milliseconds.
  private static final long LOOK_MILLIS = 100;

  /// How often a caller looks while the program ends: for 3 s, less than half of what service
  /// managers grant, since one may wait behind another.
  private static final int LAST_LOOKS = 30;

  private final ExecutorService threads;

  private volatile boolean ending;

  /// Whether the database did not answer while the program was ending.
  private volatile boolean silent;

  /// @param name what the threads are called
  /// @param count how many there are at most
  StoreThreads(String name, int count) {
    threads =
        Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().name(name, 0).factory());
  }

  /// Runs the task and waits to the end even when interrupted, unless the program ends; the
  /// interrupt is kept for the caller.
  ///
  /// @param doing what is being done, for the error message
  <T> T run(String doing, Callable<T> task) throws StaleStateException {
    Future<T> result;
    if (silent) {
      throw unanswered(doing);
    }
    try {
      result = threads.submit(task);
    } catch (RejectedExecutionException e) {
      throw new StoreException(doing + ": the store is closed", e);
    }
    boolean interrupted = false;
    int looks = 0;
    try {
      while (true) {
        try {
          return result.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          looks += ending ? 1 : 0;
          if (looks > LAST_LOOKS) {
            silent = true;
            throw unanswered(doing);
          }
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StaleStateException stale -> throw stale;
        case SQLException database ->
            throw new StoreException(doing + ": " + database.getMessage(), database);
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(doing, e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Runs a task that compares nothing.
  <T> T runPlain(String doing, Callable<T> task) {
    try {
      return run(doing, task);
    } catch (StaleStateException e) {
      throw new IllegalStateException(doing + " compares nothing", e);
    }
  }

  private static StoreException unanswered(String doing) {
    return new StoreException(
        doing + ": the database does not answer, and the program ends (it may be written or not)");
  }

  /// The program ends: callers wait for a few seconds at most, and once one of them did in vain, no
  /// others do.
  void hurry() {
    ending = true;
  }

  /// Finishes what is under way, unless that is what was waited for in vain.
  @Override
  public void close() {
    if (silent) {
      threads.shutdownNow();
    } else {
      threads.close();
    }
  }
}
