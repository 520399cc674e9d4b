package dev.sigwarden.log.rekor;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/// Fetches runs of entries of one tree, a few at a time, and asks again for what an answer lacks.
/// Thread-safe.
final class Batches implements AutoCloseable {
  /// The longest answer while several are under way, in bytes: ten entries of usual size with their
  /// proofs are 60 to 80 KB.
  static final int ROOM = 256 * 1024;

  private final RekorApi api;
  private final String treeId;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("log-rekor-", 0).factory());

  Batches(RekorApi api, String treeId) {
    this.api = api;
    this.treeId = treeId;
  }

  /// A run of entries being fetched.
  ///
  /// @param entries from the first on, in order, up to the first that the log does not give
  record Run(Future<List<RekorEntry>> entries) {
    List<RekorEntry> await() throws LogUnavailableException, BadAnswerException {
      try {
        return entries.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LogUnavailableException("interrupted", e);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case LogUnavailableException unavailable -> throw unavailable;
          case BadAnswerException bad -> throw bad;
          case null, default -> throw new IllegalStateException("fetching entries", e);
        }
      }
    }

    void drop() {
      entries.cancel(true);
    }
  }

  /// Starts to fetch the entries `[from, to)`, indexes over all shards, at most
  /// `RekorEntry.MAX_AT_ONCE` of them.
  Run start(long from, long to) throws LogUnavailableException {
    try {
      return new Run(threads.submit(() -> fetch(from, to)));
    } catch (RejectedExecutionException e) {
      throw new LogUnavailableException("the client of this log is closed", e);
    }
  }

  /// An answer that cannot be used as a whole is asked for again entry by entry, so that one entry
  /// that is too large, or that the log answers badly, holds up none before it.
  private List<RekorEntry> fetch(long from, long to)
      throws LogUnavailableException, BadAnswerException {
    Map<Long, RekorEntry> found;
    try {
      found = retrieve(from, to, ROOM);
    } catch (BadAnswerException e) {
      if (to - from == 1) {
        throw e;
      }
      return oneByOne(from, to);
    }
    List<RekorEntry> entries = new ArrayList<>();
    for (long index = from; index < to; index++) {
      Optional<RekorEntry> entry =
          found.containsKey(index) ? Optional.ofNullable(found.get(index)) : again(index);
      if (entry.isEmpty()) {
        break;
      }
      entries.add(entry.get());
    }
    return entries;
  }

  private List<RekorEntry> oneByOne(long from, long to)
      throws LogUnavailableException, BadAnswerException {
    List<RekorEntry> entries = new ArrayList<>();
    for (long index = from; index < to; index++) {
      try {
        List<RekorEntry> one = fetch(index, index + 1);
        if (one.isEmpty()) {
          break;
        }
        entries.addAll(one);
      } catch (BadAnswerException e) {
        if (entries.isEmpty()) {
          throw e;
        }
        break;
      }
    }
    return entries;
  }

  /// The log leaves out silently what it does not find, so an entry that an answer lacks is asked
  /// for by itself. A replica that lags may have it by then.
  private Optional<RekorEntry> again(long index)
      throws LogUnavailableException, BadAnswerException {
    Optional<RekorEntry> entry = api.entry(index, ROOM);
    if (entry.isPresent()) {
      check(entry.get(), index, index + 1, api.entryAddress(index).toString());
    }
    return entry;
  }

  /// The entries of one answer by their index over all shards: none but those asked for, of this
  /// tree, each once.
  Map<Long, RekorEntry> retrieve(long from, long to, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    String resource = api.address("api/v1/log/entries/retrieve") + " [" + from + ", " + to + ")";
    Map<Long, RekorEntry> found = new HashMap<>();
    for (RekorEntry entry : api.retrieve(from, to, maxBytes)) {
      check(entry, from, to, resource);
      if (found.put(entry.globalIndex(), entry) != null) {
        throw new BadAnswerException(
            resource, "logIndex %d twice (expected: once)".formatted(entry.globalIndex()));
      }
    }
    return found;
  }

  /// Refuses an entry that is not one of those asked for, or of another tree.
  void check(RekorEntry entry, long from, long to, String resource) throws BadAnswerException {
    if (entry.globalIndex() < from || entry.globalIndex() >= to) {
      throw new BadAnswerException(
          resource, "logIndex %d (expected: in [%d, %d))".formatted(entry.globalIndex(), from, to));
    }
    if (entry.treeId().isPresent() && !entry.treeId().get().equals(treeId)) {
      throw new BadAnswerException(
          resource,
          "an entry of tree %s at logIndex %d (expected: of tree %s)"
              .formatted(entry.treeId().get(), entry.globalIndex(), treeId));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
