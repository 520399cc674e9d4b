package dev.sigwarden.schedule;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.quartz.spi.ThreadPool;

/// Quartz's thread pool as virtual threads: a place is a permit, not a thread. Public with setters,
/// since Quartz makes it by name.
public final class VirtualThreads implements ThreadPool {
  private static final Logger LOG = Logger.getLogger(VirtualThreads.class);

  /// How long tasks may take to end by themselves: with the rest of an orderly end, less than the
  /// 10 s after which the least patient service managers kill.
  static final Duration GRACE = Duration.ofSeconds(6);

  /// How long tasks that were interrupted may take to end.
  static final Duration LAST_GRACE = Duration.ofSeconds(1);

  /// How long Quartz waits for a place before it looks whether it is being stopped.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final Duration grace;
  private int threadCount = 1;
  private String instanceName = "";
  private Semaphore places = new Semaphore(1);
  private volatile boolean closed;

  /// Waits for `GRACE` when closed. Public, since Quartz makes it by name.
  public VirtualThreads() {
    this(GRACE);
  }

  VirtualThreads(Duration grace) {
    this.grace = grace;
  }

  /// Tasks that may run at once.
  public void setThreadCount(int threadCount) {
    this.threadCount = threadCount;
  }

  @Override
  public boolean runInThread(Runnable runnable) {
    if (closed || !places.tryAcquire()) {
      return false;
    }
    Thread thread =
        Thread.ofVirtual()
            .name(instanceName + "-task")
            .unstarted(() -> {
              try {
                runnable.run();
              } finally {
                running.remove(Thread.currentThread());
                places.release();
              }
            });
    running.add(thread);
    thread.start();
    return true;
  }

  /// The free places; 0 if there was none for a while, whereupon Quartz asks again unless it is
  /// being stopped.
  @Override
  public int blockForAvailableThreads() {
    try {
      if (places.tryAcquire(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
        places.release();
        return Math.max(1, places.availablePermits());
      }
    } catch (InterruptedException _) {
      // Quartz does not know interrupts; it asks again.
    }
    return 0;
  }

  @Override
  public void initialize() {
    places = new Semaphore(threadCount);
  }

  @Override
  public void shutdown(boolean waitForJobsToComplete) {
    closed = true;
    if (!waitForJobsToComplete || ended(grace)) {
      return;
    }
    LOG.warnf(
        "%d tasks did not end within %d s and are cut off", running.size(), grace.toSeconds());
    running.forEach(Thread::interrupt);
    if (!ended(LAST_GRACE)) {
      LOG.errorf("%d tasks do not end even when interrupted; they are left alone", running.size());
    }
  }

  private boolean ended(Duration longest) {
    try {
      boolean ended = places.tryAcquire(threadCount, longest.toNanos(), TimeUnit.NANOSECONDS);
      if (ended) {
        places.release(threadCount);
      }
      return ended;
    } catch (InterruptedException _) {
      // Whoever closes is in a hurry.
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public int getPoolSize() {
    return threadCount;
  }

  @Override
  public void setInstanceId(String id) {
    // One pool serves one scheduler: its id says nothing here.
  }

  @Override
  public void setInstanceName(String name) {
    this.instanceName = name;
  }
}
