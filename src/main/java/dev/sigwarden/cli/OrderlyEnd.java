package dev.sigwarden.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps the process alive after SIGTERM or Ctrl-C until the command has ended, and then gives the
/// command's exit code in place of the signal's. Without it the process would end in the middle of
/// closing, as soon as Quarkus alone has stopped.
final class OrderlyEnd implements AutoCloseable {
  /// How long ending may take at most: longer than everything that a daemon waits for when it
  /// closes, so that it only counts if something hangs.
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /// How long a start may take to end: it has begun nothing that would have to be ended in order,
  /// and may wait for a database that does not answer.
  private static final Duration LONGEST_OF_A_START = Duration.ofSeconds(5);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::await, "orderly-end");
  private volatile int exit = Exit.OPERATIONAL;
  private volatile boolean begun;

  /// From now on.
  OrderlyEnd() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// From now on there is something that has to be ended in order.
  void begun() {
    begun = true;
  }

  /// What the process answers; `Exit.OPERATIONAL` if never called.
  void exit(int code) {
    exit = code;
  }

  /// Whether the process was told to stop: what cannot start any more for that reason is no
  /// failure.
  static boolean isEnding() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      boolean _ = Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException _) {
      return true;
    }
  }

  private void await() {
    boolean _ = awaitEnd();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(exit);
  }

  private boolean awaitEnd() {
    try {
      boolean over = ended.await(LONGEST_OF_A_START.toMillis(), TimeUnit.MILLISECONDS);
      if (!begun) {
        // Whether the start still waits or has just failed: there was nothing to end.
        exit = Exit.OK;
        return over;
      }
      return over || ended.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  /// The command has ended.
  @Override
  public void close() {
    ended.countDown();
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending: the hook runs, and was waiting for this.
    }
  }
}
