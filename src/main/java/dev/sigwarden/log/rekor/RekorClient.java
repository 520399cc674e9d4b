package dev.sigwarden.log.rekor;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.CheckedClient;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.verify.Inclusion;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One shard of a Rekor v1 instance. Indexes and sizes are the shard's own; the API's indexes over
/// all shards are made from them for each request and checked in each answer.
///
/// Nothing is read ahead: the requests of one call already take what the host's budget gives, and
/// what a turn drops when it ends would have cost it.
final class RekorClient extends CheckedClient {
  /// The most leaves that one call returns: some 50 requests, a few seconds of the usual budget, so
  /// that a turn which is to end does not read on for long.
  static final int MAX_LEAVES_PER_CALL = 512;

  /// A call that has this many bytes of leaves asks for no more.
  private static final long LEAF_BYTES_PER_CALL = 2L << 20;

  /// An answer is held this often while it is read: as received, as text, and as leaves.
  private static final int COPIES = 3;

  /// What a call holds at most.
  private static final long CALL_BYTES =
      LEAF_BYTES_PER_CALL + (long) Window.MAX * COPIES * Batches.ROOM;

  /// The longest answer with one entry, in bytes: what a server with the usual limits can have
  /// taken.
  private static final int MAX_ENTRY_BYTES = 8 << 20;

  private final RekorApi api;
  private final String treeId;
  private final boolean timestamps;
  private final List<TimestampKey> timestampKeys;
  private final MemoryBudget memory;
  private final Batches batches;
  private final Window window = new Window();

  /// The shards as the newest head came with; null before the first.
  private volatile @Nullable LogInfo info;

  /// @param timestampKeys the keys of which one must have signed each entry's time; empty if times
  ///   are not read
  RekorClient(RekorApi api, String treeId, List<VerifierKey> timestampKeys, MemoryBudget memory) {
    this.api = api;
    this.treeId = treeId;
    this.timestamps = !timestampKeys.isEmpty();
    this.timestampKeys = TimestampKey.of(timestampKeys);
    this.memory = memory;
    this.batches = new Batches(api, treeId);
  }

  @Override
  public byte[] head() throws LogUnavailableException, BadAnswerException {
    LogInfo now = api.logInfo();
    info = now;
    return now.shard(treeId).orElseThrow(this::notListed).note().toBytes();
  }

  private LogUnavailableException notListed() {
    return new LogUnavailableException(
        "%s: tree %s is not listed any more".formatted(api.address("api/v1/log"), treeId));
  }

  /// The index over all shards of this one's first entry.
  private long offset() throws LogUnavailableException, BadAnswerException {
    LogInfo known = info;
    if (known == null) {
      known = api.logInfo();
      info = known;
    }
    return known.offset(treeId).orElseThrow(this::notListed);
  }

  @Override
  protected Optional<Leaves> read(long from, long to, TreeHead head, boolean wait)
      throws LogUnavailableException, BadAnswerException {
    return wait ? Optional.of(read(from, to)) : Optional.empty();
  }

  private Leaves read(long from, long to) throws LogUnavailableException, BadAnswerException {
    long offset = offset();
    long end = Math.min(to, from + MAX_LEAVES_PER_CALL);
    Leaves.Builder leaves = new Leaves.Builder(from, (int) (end - from));
    MemoryBudget.Charge charge = memory.charge();
    leaves.charge(charge);
    boolean built = false;
    try {
      charge.hold(CALL_BYTES);
      long bytes = collect(leaves, end, offset);
      if (leaves.next() == from) {
        // Whoever waits for room holds none.
        charge.shrinkTo(0);
        charge.hold((long) COPIES * MAX_ENTRY_BYTES);
        bytes = largeLeaf(leaves, offset);
      }
      charge.shrinkTo(bytes);
      built = true;
      return leaves.build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    } finally {
      if (!built) {
        leaves.release();
      }
    }
  }

  /// Adds leaves up to `end`, or fewer where bytes run out or the log does not give the next; none
  /// if the first is large or answered badly.
  ///
  /// @return the bytes of what was added
  private long collect(Leaves.Builder leaves, long end, long offset)
      throws LogUnavailableException, BadAnswerException {
    long from = leaves.next();
    long bytes = 0;
    long planned = from;
    Deque<Batches.Run> ahead = new ArrayDeque<>();
    Deque<Long> ends = new ArrayDeque<>();
    try {
      while (leaves.next() < end && bytes < LEAF_BYTES_PER_CALL) {
        while (planned < end && ahead.size() < window.size()) {
          long to = Math.min(end, planned + RekorEntry.MAX_AT_ONCE);
          ahead.add(batches.start(offset + planned, offset + to));
          ends.add(to);
          planned = to;
        }
        try {
          for (RekorEntry entry : ahead.remove().await()) {
            bytes += add(leaves, entry);
          }
          window.went();
        } catch (LogUnavailableException e) {
          window.failed();
          if (leaves.next() == from || Thread.currentThread().isInterrupted()) {
            throw e;
          }
          // What came before is whole; the next call starts here and reports it.
          break;
        } catch (BadAnswerException e) {
          break;
        }
        if (leaves.next() < ends.remove()) {
          if (leaves.next() == from) {
            throw withheld(from, offset);
          }
          break;
        }
      }
      return bytes;
    } finally {
      ahead.forEach(Batches.Run::drop);
    }
  }

  private LogUnavailableException withheld(long index, long offset) {
    return new LogUnavailableException(
        "%s: entry %d of tree %s, which its signed head covers, is not there"
            .formatted(api.entryAddress(offset + index), index, treeId));
  }

  /// Adds one leaf, with room for the largest.
  private long largeLeaf(Leaves.Builder leaves, long offset)
      throws LogUnavailableException, BadAnswerException {
    long index = leaves.next();
    long global = offset + index;
    RekorEntry entry = batches.retrieve(global, global + 1, MAX_ENTRY_BYTES).get(global);
    if (entry == null) {
      throw withheld(index, offset);
    }
    return add(leaves, entry);
  }

  private long add(Leaves.Builder leaves, RekorEntry entry) throws BadAnswerException {
    Optional<Instant> time = loggedAt(entry);
    leaves.add(entry.leaf(), 0, entry.leaf().length);
    time.ifPresent(leaves::loggedAt);
    return entry.leaf().length;
  }

  private Optional<Instant> loggedAt(RekorEntry entry) throws BadAnswerException {
    if (!timestamps) {
      return Optional.empty();
    }
    String resource = api.entryAddress(entry.globalIndex()).toString();
    Optional<EntryTimestamp> timestamp = entry.timestamp(resource);
    if (timestamp.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> verified = timestamp.get().verified(timestampKeys);
    if (verified.isEmpty()) {
      throw new BadAnswerException(
          resource,
          "a signedEntryTimestamp by log %s that does not verify (expected: one by a configured"
                  .formatted(timestamp.get().logId())
              + " key)");
    }
    return verified;
  }

  @Override
  protected ConsistencyProof consistencyOf(long older, long newer)
      throws LogUnavailableException, BadAnswerException {
    return api.proof(older, newer, treeId);
  }

  /// From the last leaf's inclusion proof: the API names no root of an older tree that a
  /// consistency proof could start from.
  @Override
  protected CompactRange rangeOf(long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    Proven last = proven(size - 1);
    return last.inclusion
        .proof()
        .range(size - 1, Hash.ofLeaf(last.entry.leaf()), last.inclusion.head())
        .orElseThrow();
  }

  @Override
  protected Inclusion inclusionOf(long index, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return proven(index).inclusion;
  }

  /// An entry whose inclusion proof holds.
  private record Proven(RekorEntry entry, Inclusion inclusion) {}

  private Proven proven(long index) throws LogUnavailableException, BadAnswerException {
    long offset = offset();
    long global = offset + index;
    String resource = api.entryAddress(global).toString();
    RekorEntry entry;
    try {
      entry = entry(global, Batches.ROOM).orElseThrow(() -> withheld(index, offset));
    } catch (BadAnswerException _) {
      entry = entry(global, MAX_ENTRY_BYTES).orElseThrow(() -> withheld(index, offset));
    }
    batches.check(entry, global, global + 1, resource);
    Inclusion inclusion =
        entry
            .inclusion(resource, index)
            .orElseThrow(
                () -> new BadAnswerException(resource, "an entry (expected: with inclusionProof)"));
    return new Proven(entry, inclusion);
  }

  /// Whoever asks may hold leaves, so this only tries for room.
  private Optional<RekorEntry> entry(long global, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    String resource = api.entryAddress(global).toString();
    try (MemoryBudget.Charge charge = memory.charge()) {
      if (!charge.tryHold((long) COPIES * maxBytes)) {
        throw new LogUnavailableException(resource + ": no memory to read it into");
      }
      return api.entry(global, maxBytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException(resource + ": interrupted", e);
    }
  }

  /// None: the log stores leaf hashes as the ids of the entries that it sends, and those are
  /// checked with them.
  @Override
  public Optional<List<Hash>> leafHashes(long from, long to, TreeHead head) {
    return Optional.empty();
  }

  @Override
  public String leafAddress(long index, long size) {
    LogInfo known = info;
    Optional<Long> offset = known == null ? Optional.empty() : known.offset(treeId);
    return offset
        .map(before -> api.entryAddress(before + index))
        .orElseGet(() -> api.address("api/v1/log"))
        .toString();
  }

  /// Whether the shard was listed as inactive beside the newest head.
  @Override
  public boolean frozen(Checkpoint checkpoint) {
    LogInfo known = info;
    return known != null && known.shard(treeId).filter(shard -> !shard.active()).isPresent();
  }

  @Override
  public void forget() {
    info = null;
  }

  @Override
  public void close() {
    batches.close();
  }
}
