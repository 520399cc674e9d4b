package dev.sigwarden.log.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// One host's gate: so many requests at a time, so many per second, and none while the host asked
/// to be left alone. Who waits stands in a line; the longest waiting of a line goes first, and
/// lines take turns, so that many requests of one log delay another's by no more than one for each
/// line. Times are `System.nanoTime()`.
final class HostGate {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Semaphore places;

  /// The head of each line, which alone waits for a place. Only configured logs ask, so there are
  /// few.
  private final Map<String, Semaphore> heads = new ConcurrentHashMap<>();

  private final long nanosPerRequest;

  // The three below are guarded by this.
  private boolean shut;
  private long shutUntil;
  private long nextSlot = System.nanoTime() - NANOS_PER_SECOND;

  HostGate(int concurrency, double requestsPerSecond) {
    this.places = new Semaphore(concurrency, true);
    this.nanosPerRequest = (long) (NANOS_PER_SECOND / requestsPerSecond);
  }

  /// How waiting at the gate ended.
  enum Entry {
    /// A place is taken; `leave` gives it back.
    IN,
    /// The host asked for a pause that ends after the deadline.
    SHUT,
    /// The turn would come after the deadline.
    TOO_LATE
  }

  /// Waits in `line` for a place and a turn, until `deadline` at most.
  Entry enter(String line, Deadline deadline) throws InterruptedException {
    // Looked at before queueing too: those who wait inside for the end of the pause hold places.
    if (pauseNanos() > deadline.nanosLeft()) {
      return Entry.SHUT;
    }
    if (!takePlace(line, deadline)) {
      return Entry.TOO_LATE;
    }
    Entry entry = Entry.TOO_LATE;
    try {
      entry = awaitTurn(deadline);
    } finally {
      if (entry != Entry.IN) {
        places.release();
      }
    }
    return entry;
  }

  private boolean takePlace(String line, Deadline deadline) throws InterruptedException {
    Semaphore head = heads.computeIfAbsent(line, _ -> new Semaphore(1, true));
    if (!head.tryAcquire(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      return places.tryAcquire(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
    } finally {
      head.release();
    }
  }

  /// How many wait for a place.
  int waiting() {
    return places.getQueueLength()
        + heads.values().stream().mapToInt(Semaphore::getQueueLength).sum();
  }

  private Entry awaitTurn(Deadline deadline) throws InterruptedException {
    boolean slotTaken = false;
    while (true) {
      long pause = pauseNanos();
      if (pause > deadline.nanosLeft()) {
        return Entry.SHUT;
      }
      if (pause > 0) {
        TimeUnit.NANOSECONDS.sleep(pause);
      } else if (slotTaken) {
        return Entry.IN;
      } else {
        long wait = takeSlot(deadline.nanosLeft());
        if (wait < 0) {
          return Entry.TOO_LATE;
        }
        slotTaken = true;
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    }
  }

  /// Gives the place back.
  void leave() {
    places.release();
  }

  /// Lets nobody in for `pause` from now on; a longer pause that is already running stays.
  synchronized void shutFor(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    if (!shut || until - shutUntil > 0) {
      shut = true;
      shutUntil = until;
    }
  }

  /// Nanoseconds until the host may be asked again, 0 if now.
  synchronized long pauseNanos() {
    long left = shut ? shutUntil - System.nanoTime() : 0;
    shut = left > 0;
    return Math.max(0, left);
  }

  /// Takes the next free slot of the rate and returns how many nanoseconds to wait for it; -1, and
  /// no slot taken, if that is more than `most`. Slots unused for up to a second may be caught up.
  private synchronized long takeSlot(long most) {
    long now = System.nanoTime();
    long slot = now - nextSlot > NANOS_PER_SECOND ? now - NANOS_PER_SECOND : nextSlot;
    long wait = Math.max(0, slot - now);
    if (wait > most) {
      return -1;
    }
    nextSlot = slot + nanosPerRequest;
    return wait;
  }
}
