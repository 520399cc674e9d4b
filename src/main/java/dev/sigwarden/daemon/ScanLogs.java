package dev.sigwarden.daemon;

import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.tail.LogScan;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.TailTools;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The logs that scans of this process read, each open once, and the memory that they all read
/// into. Thread-safe.
final class ScanLogs implements AutoCloseable {
  /// The share of the heap that scans read into at most: one in this many.
  private static final int HEAP_SHARE = 8;

  /// What scans read into at most, in bytes: what a few pieces have under way.
  private static final long MOST_BYTES = 32L << 20;

  private final TailTools tools;
  private final LogTools reading;

  // Guarded by this.
  private final Map<String, LogScan> logs = new HashMap<>();

  /// @param reading how scans read; its memory is replaced by their own, so that they leave the
  ///   tails theirs
  ScanLogs(TailTools tools, LogTools reading) {
    this.tools = tools;
    long heap = Runtime.getRuntime().maxMemory();
    this.reading =
        new LogTools(
            reading.http(),
            reading.clock(),
            new MemoryBudget(Math.min(MOST_BYTES, heap / HEAP_SHARE)),
            reading.roots());
  }

  /// The log of these settings, opened if it is not; one that is open by other settings is closed.
  synchronized LogScan of(LogSettings settings) {
    return logs.compute(
        settings.name(),
        (_, open) -> {
          if (open != null && open.settings().sameAs(settings)) {
            return open;
          }
          if (open != null) {
            open.close();
          }
          return new LogScan(settings, tools, reading);
        });
  }

  /// Closes the logs but these.
  synchronized void closeUnless(Set<String> inUse) {
    logs.entrySet()
        .removeIf(log -> {
          boolean idle = !inUse.contains(log.getKey());
          if (idle) {
            log.getValue().close();
          }
          return idle;
        });
  }

  @Override
  public synchronized void close() {
    logs.values().forEach(LogScan::close);
    logs.clear();
  }
}
