package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Chains;
import dev.sigwarden.log.CheckedClient;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.NodeSource;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.verify.Inclusion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A log of C2SP tlog-tiles. Only tiles that a head implies are ever asked for; proofs are computed
/// from them.
public final class TilesClient extends CheckedClient {
  /// The most leaves that one call returns: 64 bundles.
  public static final int MAX_LEAVES_PER_CALL = 64 * TilePath.FULL_WIDTH;

  /// A call that has this many bytes of bundles asks for no more, so that what it returns stays
  /// below this plus one bundle: 8 MiB hold a chunk of 2,048 entries of 4 KiB.
  public static final long LEAF_BYTES_PER_CALL = 8L << 20;

  private final TileSource source;
  private final BundleForm form;
  private final TileReader reader;
  private final long minimumIndex;
  private final Predicate<Checkpoint> frozen;
  private final Fetches fetches = new Fetches();
  private final BundleReads bundles;

  /// A client on the log in `source`, whose entries below `minimumIndex` are known to be pruned,
  /// and of whose checkpoints `frozen` says which is the last; its bundles are charged to `memory`.
  public TilesClient(
      TileSource source, long minimumIndex, Predicate<Checkpoint> frozen, MemoryBudget memory) {
    this(source, BundleForm.ENTRIES, minimumIndex, frozen, memory);
  }

  /// The same for a log whose leaves have another form.
  public TilesClient(
      TileSource source,
      BundleForm form,
      long minimumIndex,
      Predicate<Checkpoint> frozen,
      MemoryBudget memory) {
    this.source = source;
    this.form = form;
    this.reader = new TileReader(source, form, minimumIndex);
    this.bundles = new BundleReads(reader, fetches, memory);
    this.minimumIndex = minimumIndex;
    this.frozen = frozen;
  }

  @Override
  public byte[] head() throws LogUnavailableException, BadAnswerException {
    return source
        .read(TileSource.CHECKPOINT, SignedNote.MAX_BYTES)
        .orElseThrow(() ->
            new LogUnavailableException(
                "%s: no checkpoint there (expected %s)"
                    .formatted(source.address(""), source.expectation())));
  }

  @Override
  protected Optional<Leaves> read(long from, long to, TreeHead head, boolean wait)
      throws LogUnavailableException, BadAnswerException {
    if (from < minimumIndex) {
      throw new LogUnavailableException(
          "%s: entries below %d are pruned (minimum-index): asked for %d"
              .formatted(source.address(""), minimumIndex, from));
    }
    // A call that returns less than asked ends where a bundle ends, so that none is fetched twice.
    long start = from - from % TilePath.FULL_WIDTH;
    long end = to - start > MAX_LEAVES_PER_CALL ? start + MAX_LEAVES_PER_CALL : to;
    Leaves.Builder leaves = new Leaves.Builder(from, (int) (end - from));
    boolean built = false;
    try {
      built = collect(leaves, end, head.size(), wait);
      return built ? Optional.of(leaves.build()) : Optional.empty();
    } finally {
      if (!built) {
        leaves.release();
      }
    }
  }

  /// Adds the bundles up to leaf `end`, or fewer where bytes or room run out.
  ///
  /// @return whether there was room for any
  private boolean collect(Leaves.Builder leaves, long end, long size, boolean wait)
      throws LogUnavailableException, BadAnswerException {
    long from = leaves.next();
    Deque<BundleReads.Read> ahead = new ArrayDeque<>();
    long nextBundle = from / TilePath.FULL_WIDTH;
    long lastBundle = (end - 1) / TilePath.FULL_WIDTH;
    long bytes = 0;
    long last = 0;
    try {
      while (leaves.next() < end && bytes < LEAF_BYTES_PER_CALL) {
        // Nothing is fetched only to be dropped, if the next bundles are as long as the last.
        while (ahead.isEmpty()
            || (ahead.size() < BundleReads.AT_ONCE
                && nextBundle <= lastBundle
                && bytes + ahead.size() * last < LEAF_BYTES_PER_CALL)) {
          ahead.add(bundles.start(bundlePath(nextBundle++, size), false));
        }
        BundleReads.Read read = ahead.remove();
        leaves.charge(read.charge());
        Optional<EntryBundle> bundle;
        try {
          bundle = Fetches.await(read.bundle());
        } catch (LogUnavailableException | BadAnswerException e) {
          read.drop();
          if (leaves.next() == from || Thread.currentThread().isInterrupted()) {
            throw e;
          }
          // What came before is whole; the next call starts with this bundle and reports it.
          break;
        }
        long number = leaves.next() / TilePath.FULL_WIDTH;
        if (bundle.isEmpty()) {
          if (leaves.next() > from || !wait) {
            return leaves.next() > from;
          }
          // Whoever waits for room holds none.
          drop(ahead);
          nextBundle = number + 1;
          read = bundles.start(bundlePath(number, size), true);
          leaves.charge(read.charge());
          bundle = Fetches.await(read.bundle());
        }
        long first = number * TilePath.FULL_WIDTH;
        EntryBundle found = bundle.orElseThrow();
        int wanted = (int) Math.min(TilePath.FULL_WIDTH, end - first);
        found.addTo(leaves, (int) (leaves.next() - first), wanted);
        if (found.count() < wanted) {
          if (leaves.next() == from) {
            throw found.torn().orElseThrow();
          }
          // What came before is whole, as above.
          break;
        }
        last = found.byteCount();
        bytes += last;
      }
      return true;
    } finally {
      drop(ahead);
    }
  }

  private static void drop(Deque<BundleReads.Read> reads) {
    reads.forEach(BundleReads.Read::drop);
    reads.clear();
  }

  private TilePath bundlePath(long bundle, long size) {
    return TilePath.ofLeaf(form.level(), bundle * TilePath.FULL_WIDTH, size);
  }

  @Override
  protected ConsistencyProof consistencyOf(long older, long newer)
      throws LogUnavailableException, BadAnswerException {
    return compute(newer, nodes -> Proofs.consistency(older, newer, nodes));
  }

  @Override
  protected CompactRange rangeOf(long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return compute(head.size(), nodes -> Proofs.range(size, nodes));
  }

  @Override
  protected Inclusion inclusionOf(long index, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return Inclusion.in(
        head, compute(head.size(), nodes -> Proofs.inclusion(index, head.size(), nodes)));
  }

  @Override
  public Optional<Chains> chains() {
    return form.chains(source);
  }

  /// Something that is computed from nodes alone, and asks for the same nodes whatever they are.
  @FunctionalInterface
  private interface FromNodes<T> {
    T compute(NodeSource<RuntimeException> nodes);
  }

  /// What `proof` computes from the nodes of the tree of `size` leaves: once without the nodes, to
  /// see which tiles it wants, and then with all of them, fetched at the same time.
  private <T> T compute(long size, FromNodes<T> proof)
      throws LogUnavailableException, BadAnswerException {
    Set<TilePath> wanted = new LinkedHashSet<>();
    proof.compute((level, index) -> {
      wanted.add(TileNodes.tileOf(level, index, size));
      return Hash.emptyRoot();
    });
    return proof.compute(new TileNodes(size, tiles(List.copyOf(wanted), size)));
  }

  private Map<TilePath, byte[]> tiles(List<TilePath> paths, long size)
      throws LogUnavailableException, BadAnswerException {
    List<Fetches.Read<byte[]>> reads = new ArrayList<>();
    for (TilePath path : paths) {
      reads.add(() -> reader.hashes(path, size));
    }
    List<byte[]> tiles = fetches.all(reads);
    Map<TilePath, byte[]> byPath = new HashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      byPath.put(paths.get(i), tiles.get(i));
    }
    return byPath;
  }

  /// The leaf hashes from the tiles of level 0; at most `MAX_LEAVES_PER_CALL` at a time.
  ///
  /// @throws IllegalArgumentException unless `0 <= from < to <= head.size()`, or if more are asked
  ///   for
  @Override
  public Optional<List<Hash>> leafHashes(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    requireRange(from, to, head.size());
    if (to - from > MAX_LEAVES_PER_CALL) {
      throw new IllegalArgumentException(
          "leaf hashes: %d (expected: <= %d)".formatted(to - from, MAX_LEAVES_PER_CALL));
    }
    List<TilePath> paths = new ArrayList<>();
    for (long tile = from / TilePath.FULL_WIDTH; tile <= (to - 1) / TilePath.FULL_WIDTH; tile++) {
      paths.add(TilePath.ofHash(0, tile * TilePath.FULL_WIDTH, head.size()));
    }
    TileNodes nodes = new TileNodes(head.size(), tiles(paths, head.size()));
    List<Hash> hashes = new ArrayList<>();
    for (long leaf = from; leaf < to; leaf++) {
      hashes.add(nodes.node(0, leaf));
    }
    return Optional.of(hashes);
  }

  /// The address of the bundle that holds the leaf.
  @Override
  public String leafAddress(long index, long size) {
    return source.address(TilePath.ofLeaf(form.level(), index, size).toString());
  }

  @Override
  public boolean frozen(Checkpoint checkpoint) {
    return frozen.test(checkpoint);
  }

  @Override
  public void forget() {
    reader.forget();
  }

  @Override
  public void close() {
    fetches.close();
  }
}
