package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads under way at the same time, each on its own virtual thread.
public final class Fetches implements AutoCloseable {
  /// Longer than any read takes: each has a deadline of its own.
  private static final Duration FOREVER = Duration.ofDays(1);

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("log-tiles-", 0).factory());

  /// One read.
  @FunctionalInterface
  public interface Read<T> {
    /// Reads.
    T read() throws LogUnavailableException, BadAnswerException, InterruptedException;
  }

  Fetches() {}

  /// Starts a read.
  <T> Future<T> start(Read<T> read) throws LogUnavailableException {
    try {
      return threads.submit(read::read);
    } catch (RejectedExecutionException e) {
      throw new LogUnavailableException("the client of this log is closed", e);
    }
  }

  /// Runs all reads and returns their answers in order; the first to fail ends the others.
  <T> List<T> all(List<? extends Read<T>> reads)
      throws LogUnavailableException, BadAnswerException {
    List<Future<T>> started = new ArrayList<>();
    try {
      for (Read<T> read : reads) {
        started.add(start(read));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> future : started) {
        answers.add(await(future));
      }
      return answers;
    } finally {
      started.forEach(future -> future.cancel(true));
    }
  }

  /// Reads on a thread of its own and waits no longer than that for it, whatever the read itself
  /// may take.
  public static <T> T within(Duration longest, Read<T> read)
      throws LogUnavailableException, BadAnswerException {
    FutureTask<T> task = new FutureTask<>(read::read);
    Thread.ofVirtual().name("log-tiles-bounded").start(task);
    try {
      return await(task, longest);
    } finally {
      task.cancel(true);
    }
  }

  /// Waits for a read's answer.
  static <T> T await(Future<T> future) throws LogUnavailableException, BadAnswerException {
    return await(future, FOREVER);
  }

  private static <T> T await(Future<T> future, Duration longest)
      throws LogUnavailableException, BadAnswerException {
    try {
      return future.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new LogUnavailableException(
          "no answer within %.1f s".formatted(longest.toMillis() / 1000.0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case LogUnavailableException unavailable -> throw unavailable;
        case BadAnswerException bad -> throw bad;
        case InterruptedException closed ->
            throw new LogUnavailableException("the client of this log is closed", closed);
        case null, default -> throw new IllegalStateException("a read failed", e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
