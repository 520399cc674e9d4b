package dev.sigwarden.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Whether a database takes writes: what transactions that were to write failed with. Thread-safe.
final class WriteTrouble {
  /// How long nothing may have failed before failures count as over: a disk that is full takes what
  /// changes nothing.
  static final Duration CALM = Duration.ofSeconds(5);

  private final LongSupplier nanos;

  // Guarded by this.
  private String last = "";
  private OptionalLong written = OptionalLong.empty();

  /// The failures that count: when the first of them began, and when the last had ended; whether
  /// anything went well after it.
  private String why = "";

  private boolean failed;
  private boolean over;
  private long first;
  private long latest;

  /// When the first attempt began that nothing has been written since.
  private OptionalLong waiting = OptionalLong.empty();

  WriteTrouble() {
    this(System::nanoTime);
  }

  /// @param nanos a clock that nobody sets, in nanoseconds
  WriteTrouble(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// One transaction.
  @FunctionalInterface
  interface Writing<T> {
    T run() throws SQLException, StaleStateException;
  }

  /// Runs a transaction and remembers how it ended.
  ///
  /// @param doing what is being done, for the message
  <T> T watched(String doing, Writing<T> writing) throws SQLException, StaleStateException {
    long begun = begun();
    try {
      T value = writing.run();
      wentWell();
      return value;
    } catch (StaleStateException | RuntimeException e) {
      // The database answered.
      wentWell();
      throw e;
    } catch (SQLException e) {
      failed(begun, doing + ": " + e.getMessage());
      throw e;
    }
  }

  private synchronized long begun() {
    long now = nanos.getAsLong();
    waiting = OptionalLong.of(waiting.orElse(now));
    return now;
  }

  private synchronized void wentWell() {
    last = "";
    over = true;
    written = OptionalLong.of(nanos.getAsLong());
    waiting = OptionalLong.empty();
  }

  private synchronized void failed(long begun, String what) {
    last = what;
    if (written.isPresent() && begun - written.getAsLong() < 0) {
      // It waited in vain for what others have had meanwhile.
      return;
    }
    long now = nanos.getAsLong();
    if (!lasts(now)) {
      // One that began earlier may still be without an answer.
      first = waiting.orElse(begun);
    }
    failed = true;
    over = false;
    why = what;
    latest = now;
  }

  private boolean lasts(long now) {
    return failed && !(over && now - latest > CALM.toNanos());
  }

  /// What the last one failed with; empty if it did not.
  synchronized Optional<String> last() {
    return Optional.of(last).filter(what -> !what.isEmpty());
  }

  /// What has failed, or got no answer, for how long; empty if the last one went well and none
  /// failed lately.
  synchronized Optional<WriteFailure> failing() {
    long now = nanos.getAsLong();
    if (lasts(now)) {
      return Optional.of(
          new WriteFailure(why, Duration.ofNanos(now - first), Duration.ofNanos(now - latest)));
    }
    return waiting.isPresent() && now - waiting.getAsLong() > CALM.toNanos()
        ? Optional.of(
            new WriteFailure(
                "no answer", Duration.ofNanos(now - waiting.getAsLong()), Duration.ZERO))
        : Optional.empty();
  }
}
