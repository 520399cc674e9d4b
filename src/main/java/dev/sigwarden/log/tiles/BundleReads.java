package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Reads entry bundles, each charged to the memory budget from before its first byte on.
/// Thread-safe.
///
/// What a bundle will become is not known beforehand, so it is first read with room for little more
/// than its predecessors had. One that does not fit is given up and read again with room for the
/// largest that there can be: honest logs hardly ever meet that, a hostile one waits for itself.
final class BundleReads {
  /// Bundles being read at a time by all calls together: enough to hide the network.
  static final int AT_ONCE = 4;

  /// Room for one bundle at first, in bytes: 256 entries of 4 KiB.
  private static final int FIRST_BYTES = 1 << 20;

  /// A bundle is held this often while it is read: as received, and inflated or in a larger buffer.
  private static final long COPIES = 2;

  private final TileReader reader;
  private final Fetches fetches;
  private final MemoryBudget memory;

  /// The largest bundle that there can be, in bytes.
  private final int maxBytes;

  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private volatile int room = FIRST_BYTES;

  BundleReads(TileReader reader, Fetches fetches, MemoryBudget memory) {
    this.reader = reader;
    this.fetches = fetches;
    this.memory = memory;
    this.maxBytes = reader.maxBundleBytes();
  }

  /// One bundle being read.
  ///
  /// @param charge what it is charged with; whoever started the read closes it
  /// @param bundle the bundle; empty if there was no room and the read was not to wait
  record Read(MemoryBudget.Charge charge, Future<Optional<EntryBundle>> bundle) {
    /// Gives up the read or its bundle.
    void drop() {
      bundle.cancel(true);
      charge.close();
    }
  }

  /// Starts to read a bundle.
  ///
  /// @param wait whether to wait for room: only for a caller that holds no bundle
  Read start(TilePath path, boolean wait) throws LogUnavailableException {
    MemoryBudget.Charge charge = memory.charge();
    return new Read(charge, fetches.start(() -> read(path, charge, wait)));
  }

  private Optional<EntryBundle> read(TilePath path, MemoryBudget.Charge charge, boolean wait)
      throws LogUnavailableException, BadAnswerException, InterruptedException {
    int limit = room;
    while (true) {
      // Whoever has a place does not wait for room, or those with room could wait for a place.
      if (wait) {
        charge.hold(COPIES * limit);
      }
      boolean kept = false;
      places.acquire();
      try {
        if (!wait && !charge.tryHold(COPIES * limit)) {
          return Optional.empty();
        }
        EntryBundle bundle = reader.bundle(path, limit);
        charge.shrinkTo(bundle.byteCount());
        room = Math.clamp(2L * bundle.byteCount(), FIRST_BYTES, maxBytes);
        kept = true;
        return Optional.of(bundle);
      } catch (BadAnswerException e) {
        if (limit == maxBytes) {
          throw e;
        }
      } finally {
        places.release();
        if (!kept) {
          charge.shrinkTo(0);
        }
      }
      limit = maxBytes;
    }
  }
}
