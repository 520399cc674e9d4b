package dev.sigwarden.log;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The memory that all logs of a process together may fill with what they were sent and what is not
/// judged yet. Whoever reads charges it before the first byte and gives back once the bytes are
/// done with. Counted in KiB, rounded up. Thread-safe.
///
/// The one rule against deadlock: whoever waits for room holds none, neither in this charge nor in
/// another; whoever holds some only tries, and does with less.
public final class MemoryBudget {
  /// The usual budget at most: what is judged and what is read ahead of some ten logs of usual
  /// entries, or two of the largest bundles that a hostile log can send.
  public static final long STANDARD_BYTES = 64L << 20;

  /// The share of the heap that the usual budget takes at most is one in this many: decoded
  /// entries, evidence and the rest of the program need the others.
  private static final int HEAP_SHARE = 4;

  private static final int UNIT_BYTES = 1024;

  /// How long a wait for room may take: longer than any request that holds some lives.
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final int capacity;

  /// Fair, so that a large charge is not starved by small ones.
  private final Semaphore free;

  private final AtomicInteger charged = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();

  /// A budget of `bytes`, `[1 KiB, 1 TiB)`.
  public MemoryBudget(long bytes) {
    long units = bytes / UNIT_BYTES;
    if (units < 1 || units > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "memory budget: %d bytes (expected: [1 KiB, 1 TiB))".formatted(bytes));
    }
    this.capacity = (int) units;
    this.free = new Semaphore(capacity, true);
  }

  /// A budget for this machine: 64 MiB, and no more than a quarter of the heap.
  public static MemoryBudget standard() {
    return new MemoryBudget(
        Math.min(
            STANDARD_BYTES, Math.max(UNIT_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE)));
  }

  /// The most that was ever charged at a time, in bytes.
  public long peakBytes() {
    return (long) peak.get() * UNIT_BYTES;
  }

  /// What is charged now, in bytes.
  public long chargedBytes() {
    return (long) charged.get() * UNIT_BYTES;
  }

  /// A new charge, which holds nothing yet.
  public Charge charge() {
    return new Charge();
  }

  /// What is more than the whole counts as the whole, so that it is possible at all.
  private int units(long bytes) {
    return (int) Math.min(capacity, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
  }

  /// What one reader holds. Once closed it holds nothing and never will again, so that whoever
  /// gives up a read need not wait for its end. Thread-safe.
  public final class Charge implements AutoCloseable {
    // Guarded by this.
    private int held;
    private boolean closed;

    private Charge() {}

    /// Holds `bytes` more if they are there at once and nobody waits for room.
    public boolean tryHold(long bytes) throws InterruptedException {
      int units = units(bytes);
      // Unlike without a time, this does not pass by those who wait.
      return free.tryAcquire(units, 0, TimeUnit.NANOSECONDS) && keep(units);
    }

    /// Waits until it holds `bytes`. The caller holds nothing, in this charge or another.
    ///
    /// @throws LogUnavailableException if there was no room for long, or the charge is closed
    public void hold(long bytes) throws InterruptedException, LogUnavailableException {
      int units = units(bytes);
      if (!free.tryAcquire(units, LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LogUnavailableException(
            "no memory to read into: %d bytes were not free within %d s"
                .formatted(bytes, LONGEST_WAIT.toSeconds()));
      }
      if (!keep(units)) {
        throw new LogUnavailableException("what was to be read is not wanted any more");
      }
    }

    private boolean keep(int units) {
      synchronized (this) {
        if (!closed) {
          held += units;
          peak.accumulateAndGet(charged.addAndGet(units), Math::max);
          return true;
        }
      }
      free.release(units);
      return false;
    }

    /// Gives back what it holds beyond `bytes`.
    public synchronized void shrinkTo(long bytes) {
      int surplus = held - units(bytes);
      if (surplus > 0) {
        held -= surplus;
        charged.addAndGet(-surplus);
        free.release(surplus);
      }
    }

    /// Gives back all, for good.
    @Override
    public synchronized void close() {
      closed = true;
      shrinkTo(0);
    }
  }
}
