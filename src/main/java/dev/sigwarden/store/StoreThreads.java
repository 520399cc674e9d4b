package dev.sigwarden.store;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/// Platform threads that talk to a database while the caller waits. A virtual thread inside native
/// code pins its carrier, and one that is interrupted closes the connection that it reads from.
final class StoreThreads implements AutoCloseable {
  private final ExecutorService threads;

  /// @param name what the threads are called
  /// @param count how many there are at most
  StoreThreads(String name, int count) {
    threads =
        Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().name(name, 0).factory());
  }

  /// Runs the task and waits to the end even when interrupted; the interrupt is kept for the
  /// caller.
  ///
  /// @param doing what is being done, for the error message
  <T> T run(String doing, Callable<T> task) throws StaleStateException {
    Future<T> result;
    try {
      result = threads.submit(task);
    } catch (RejectedExecutionException e) {
      throw new StoreException(doing + ": the store is closed", e);
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
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

  /// Finishes what is under way.
  @Override
  public void close() {
    threads.close();
  }
}
