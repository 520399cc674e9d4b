package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.TreeHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Leaves of one tree in index order and what the watches say of them, the next chunks already
/// being fetched, and judged as they arrive: nothing here is proven. Used by one thread; close it
/// to give up what is under way.
final class ChunkReader implements AutoCloseable {
  /// Entries asked for at once: four full bundles. A client answers with fewer where they are
  /// large. With what is read ahead, few enough megabytes to die young (docs/performance.md).
  static final int CHUNK_ENTRIES = 1_024;

  /// Chunks being fetched and judged beside the one being written down: enough to hide the network
  /// and to keep the cores busy, few enough for a small heap.
  static final int AHEAD = 4;

  /// Bytes of a chunk's usual entry, above which nothing is read ahead: 1,024 of them are 8 MiB.
  private static final int LARGE_ENTRY_BYTES = 8 * 1024;

  /// A chunk being read ahead. Once dropped it holds nothing, whenever its leaves arrive.
  private static final class Planned {
    private final long from;
    private final long to;
    private final Future<Optional<JudgedLeaves>> future;

    // Guarded by this.
    private Optional<Leaves> arrived = Optional.empty();
    private boolean dropped;

    Planned(
        long from,
        long to,
        Callable<Optional<Leaves>> read,
        ChunkJudge judge,
        ExecutorService fetchers) {
      this.from = from;
      this.to = to;
      this.future = fetchers.submit(() -> keep(read.call()).map(judge::judge));
    }

    private synchronized Optional<Leaves> keep(Optional<Leaves> leaves) {
      if (dropped) {
        leaves.ifPresent(Leaves::release);
        return Optional.empty();
      }
      arrived = leaves;
      return leaves;
    }

    boolean foundNoRoom() {
      return future.state() == Future.State.SUCCESS && future.resultNow().isEmpty();
    }

    void drop() {
      future.cancel(true);
      synchronized (this) {
        dropped = true;
        arrived.ifPresent(Leaves::release);
      }
    }
  }

  private final LogClient client;
  private final ChunkJudge judge;
  private final TreeHead head;
  private final long end;
  private final ExecutorService fetchers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Planned> planned = new ArrayList<>();
  private long next;
  private long plannedTo;
  private long chunkEnd;
  private int ahead = AHEAD;

  /// Leaves `[from, to)` of the tree of `head`.
  ChunkReader(LogClient client, ChunkJudge judge, long from, long to, TreeHead head) {
    this.client = client;
    this.judge = judge;
    this.head = head;
    this.end = to;
    this.next = from;
    this.plannedTo = from;
    this.chunkEnd = from;
  }

  /// Whether leaves are left.
  boolean hasNext() {
    return next < end;
  }

  /// The next leaves, at least one; the caller has released those before.
  JudgedLeaves next() throws LogUnavailableException, BadAnswerException {
    plan();
    Optional<JudgedLeaves> atOnce;
    if (next < chunkEnd) {
      // The client answered with fewer than were planned: the rest of that chunk comes first.
      atOnce = client.leavesIfRoom(next, chunkEnd, head).map(judge::judge);
    } else {
      Planned chunk = planned.getFirst();
      atOnce = await(chunk.future);
      planned.removeFirst();
      chunkEnd = chunk.to;
    }
    boolean scarce = atOnce.isEmpty();
    while (atOnce.isEmpty() && !planned.isEmpty()) {
      // There may be room by now. If not, what is farthest ahead makes some: it is wanted last.
      atOnce = client.leavesIfRoom(next, chunkEnd, head).map(judge::judge);
      if (atOnce.isEmpty()) {
        planned.removeLast().drop();
        plannedTo = planned.isEmpty() ? chunkEnd : planned.getLast().to;
      }
    }
    // Whoever waits for room holds none.
    JudgedLeaves judged =
        atOnce.isPresent() ? atOnce.get() : judge.judge(client.leaves(next, chunkEnd, head));
    Leaves leaves = judged.leaves();
    if (scarce) {
      ahead = planned.size();
    } else {
      ahead = leaves.byteCount() / leaves.count() > LARGE_ENTRY_BYTES ? 0 : AHEAD;
    }
    if (leaves.from() != next || leaves.count() < 1 || leaves.to() > chunkEnd) {
      leaves.release();
      throw new IllegalStateException(
          "leaves: [%d, %d) (expected: from %d, at most to %d)"
              .formatted(leaves.from(), leaves.to(), next, chunkEnd));
    }
    next = leaves.to();
    return judged;
  }

  /// Fetches again from `from`, forgetting what was fetched ahead.
  void restart(long from) {
    drop(from);
    next = from;
    chunkEnd = from;
  }

  /// Gives up what was planned, to plan again from `from` on.
  private void drop(long from) {
    planned.forEach(Planned::drop);
    planned.clear();
    plannedTo = from;
  }

  private void plan() {
    for (int i = 0; i < planned.size(); i++) {
      Planned before = planned.get(i);
      if (before.foundNoRoom()) {
        // Before anything behind it: that would take the room and be dropped for it.
        planned.set(i, planned(before.from, before.to));
        return;
      }
    }
    int wanted = next < chunkEnd ? ahead : ahead + 1;
    while (planned.size() < wanted && plannedTo < end) {
      long from = plannedTo;
      // Chunks end on multiples of their size, so that whole bundles are read once.
      long to = Math.min(end, (from / CHUNK_ENTRIES + 1) * CHUNK_ENTRIES);
      planned.add(planned(from, to));
      plannedTo = to;
    }
  }

  private Planned planned(long from, long to) {
    return new Planned(from, to, () -> client.leavesIfRoom(from, to, head), judge, fetchers);
  }

  private static Optional<JudgedLeaves> await(Future<Optional<JudgedLeaves>> future)
      throws LogUnavailableException, BadAnswerException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("reading was interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case LogUnavailableException unavailable -> throw unavailable;
        case BadAnswerException bad -> throw bad;
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("fetching a chunk", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    drop(plannedTo);
    fetchers.shutdownNow();
  }
}
