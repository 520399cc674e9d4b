package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Chain;
import dev.sigwarden.log.Chains;
import dev.sigwarden.log.CheckedClient;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.verify.Inclusion;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A log of RFC 6962, through its API. Its tree heads are turned into notes; its leaves are read
/// page by page, as long as the log makes them.
final class CtClient extends CheckedClient {
  /// Leaves asked for at once: a multiple that caches and logs with pages of tiles like, few enough
  /// that usual ones, with their chains, stay well below `PAGE_BYTES`.
  static final int MAX_PAGE = 256;

  /// The most leaves that one call returns: four pages.
  static final int MAX_LEAVES_PER_CALL = 4 * MAX_PAGE;

  /// A call that has this many bytes of leaves asks for no more.
  private static final long LEAF_BYTES_PER_CALL = 4L << 20;

  /// The longest answer with several leaves, in bytes: 256 of 16 KiB.
  private static final int PAGE_BYTES = 4 << 20;

  /// The longest answer with one leaf, in bytes: the longest certificate that there can be, 2^24
  /// bytes, in base64.
  private static final int MAX_ENTRY_BYTES = 24 << 20;

  /// The longest answer with one leaf and its chain, in bytes: usual ones have 10 KiB.
  private static final int CHAIN_BYTES = 1 << 20;

  /// An answer is held this often while it is read: as received, and as leaves.
  private static final int COPIES = 2;

  private static final long CALL_BYTES = LEAF_BYTES_PER_CALL + (long) COPIES * PAGE_BYTES;

  private final CtApi api;
  private final VerifierKey key;
  private final Predicate<Checkpoint> frozen;
  private final MemoryBudget memory;

  private final PageLength page = new PageLength(MAX_PAGE);

  /// Whether the log refused to prove that one tree is a prefix of another, and proved it by a
  /// leaf.
  private volatile boolean refuses;

  /// What was proven last for somebody, who is about to ask for its chain: that came along.
  private volatile Optional<Included> lately = Optional.empty();

  /// @param key of type 0x05, named after the log's origin
  /// @param frozen which checkpoint is its last
  CtClient(CtApi api, VerifierKey key, Predicate<Checkpoint> frozen, MemoryBudget memory) {
    this.api = api;
    this.key = key;
    this.frozen = frozen;
    this.memory = memory;
  }

  @Override
  public byte[] head() throws LogUnavailableException, BadAnswerException {
    return api.treeHead().note(key);
  }

  @Override
  protected Optional<Leaves> read(long from, long to, TreeHead head, boolean wait)
      throws LogUnavailableException, BadAnswerException {
    long end = Math.min(to, from + MAX_LEAVES_PER_CALL);
    Leaves.Builder leaves = new Leaves.Builder(from, (int) (end - from));
    MemoryBudget.Charge charge = memory.charge();
    leaves.charge(charge);
    boolean built = false;
    try {
      if (wait) {
        charge.hold(CALL_BYTES);
      } else if (!charge.tryHold(CALL_BYTES)) {
        return Optional.empty();
      }
      long bytes = collect(leaves, end);
      if (leaves.next() == from) {
        if (!wait) {
          return Optional.empty();
        }
        // Whoever waits for room holds none.
        charge.shrinkTo(0);
        charge.hold((long) COPIES * MAX_ENTRY_BYTES);
        bytes = add(leaves, api.entries(from, from + 1, MAX_ENTRY_BYTES));
      }
      charge.shrinkTo(bytes);
      built = true;
      return Optional.of(leaves.build());
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
  private long collect(Leaves.Builder leaves, long end)
      throws LogUnavailableException, BadAnswerException {
    long from = leaves.next();
    long bytes = 0;
    while (leaves.next() < end && bytes < LEAF_BYTES_PER_CALL) {
      long next = leaves.next();
      long to = Math.min(end, page.end(next));
      try {
        List<byte[]> entries = api.entries(next, to, PAGE_BYTES);
        page.answered(next, to, entries.size());
        bytes += add(leaves, entries);
      } catch (LogUnavailableException e) {
        if (next == from || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        // What came before is whole; the next call starts here and reports it.
        break;
      } catch (BadAnswerException e) {
        bytes += fewer(leaves, next, to);
        if (leaves.next() == next) {
          break;
        }
      }
    }
    return bytes;
  }

  /// Adds leaves of a page that was answered badly, asking for half as many each time, so that one
  /// that is too large, or that the log answers badly, holds up none before it.
  private long fewer(Leaves.Builder leaves, long from, long to) throws LogUnavailableException {
    for (long count = (to - from) / 2; count > 0; count /= 2) {
      try {
        return add(leaves, api.entries(from, from + count, PAGE_BYTES));
      } catch (BadAnswerException _) {
        // Fewer, then.
      }
    }
    return 0;
  }

  private static long add(Leaves.Builder leaves, List<byte[]> entries) {
    long bytes = 0;
    for (byte[] leaf : entries) {
      leaves.add(leaf, 0, leaf.length);
      TimestampedEntry.timeOf(leaf).ifPresent(leaves::loggedAt);
      bytes += leaf.length;
    }
    return bytes;
  }

  /// Asked for as it is, or made of an inclusion proof where the log refuses: one that proves only
  /// between sizes which it signed heads of still proves any leaf in a tree that it signed.
  @Override
  protected ConsistencyProof consistencyOf(long older, long newer)
      throws LogUnavailableException, BadAnswerException {
    if (refuses) {
      Optional<ConsistencyProof> proof = throughLastLeaf(older, newer);
      if (proof.isPresent()) {
        return proof.get();
      }
    }
    try {
      return api.consistency(older, newer);
    } catch (LogUnavailableException e) {
      if (refuses || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      Optional<ConsistencyProof> proof = throughLastLeaf(older, newer);
      refuses = proof.isPresent();
      return proof.orElseThrow(() -> e);
    }
  }

  /// From the inclusion proof of the older tree's last leaf; empty if none was had.
  private Optional<ConsistencyProof> throughLastLeaf(long older, long newer) {
    try {
      Included last = included(older - 1, newer);
      return last.proof.consistency(older - 1, last.leaf);
    } catch (LogUnavailableException | BadAnswerException _) {
      return Optional.empty();
    }
  }

  /// From the last leaf's inclusion proof: the API names no root of an older tree that a
  /// consistency proof could start from.
  @Override
  protected CompactRange rangeOf(long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    Included last = included(size - 1, head.size());
    return last.proof
        .range(size - 1, last.leaf, head)
        .orElseThrow(() ->
            new BadAnswerException(
                api.entryAddress(size - 1),
                "a leaf and a path that do not lead to root %s of %d entries"
                    .formatted(head.root(), head.size())));
  }

  @Override
  protected Inclusion inclusionOf(long index, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    Included included = included(index, head.size());
    lately = Optional.of(included);
    return Inclusion.in(head, included.proof);
  }

  /// A leaf's hash and its path, both as answered, and the chain that came along.
  ///
  /// @param chain empty if none came, or none that can be read
  private record Included(long index, Hash leaf, InclusionProof proof, Optional<Chain> chain) {}

  /// Asked for together, or one after the other where the log does not answer for both: not all do.
  private Included included(long index, long size)
      throws LogUnavailableException, BadAnswerException {
    try {
      CtApi.Proven proven = api.entryAndProof(index, size, PAGE_BYTES);
      if (proven.entry().isPresent()) {
        SentEntry entry = proven.entry().get();
        return new Included(index, entry.leafHash(), proven.proof(), chain(index, entry));
      }
    } catch (LogUnavailableException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
    }
    SentEntry entry = api.entry(index, MAX_ENTRY_BYTES);
    CtApi.Proven proven = api.proofByHash(entry.leafHash(), size);
    if (proven.index() != index) {
      throw new BadAnswerException(
          api.entryAddress(index),
          "a proof for index %d, which has the same leaf (expected: for %d)"
              .formatted(proven.index(), index));
    }
    return new Included(index, entry.leafHash(), proven.proof(), chain(index, entry));
  }

  private Optional<Chain> chain(long index, SentEntry entry) {
    try {
      return Optional.of(entry.chain(api.entryAddress(index)));
    } catch (BadAnswerException _) {
      // Asked for once more when it is wanted, which tells.
      return Optional.empty();
    }
  }

  @Override
  public Optional<Chains> chains() {
    return Optional.of((index, leaf, _, _) -> chain(index, leaf));
  }

  private Chain chain(long index, Hash leaf) throws LogUnavailableException, BadAnswerException {
    Optional<Chain> sent =
        lately.filter(it -> it.index == index && it.leaf.equals(leaf)).flatMap(Included::chain);
    if (sent.isPresent()) {
      return sent.get();
    }
    try (MemoryBudget.Charge charge = memory.charge()) {
      // Whoever asks holds leaves, so it does not wait for room.
      if (!charge.tryHold((long) COPIES * CHAIN_BYTES)) {
        throw new LogUnavailableException("no memory to read the chain into");
      }
      SentEntry entry = api.entry(index, CHAIN_BYTES);
      String resource = api.entryAddress(index);
      if (!entry.leafHash().equals(leaf)) {
        throw new BadAnswerException(resource, "another entry (expected: leaf hash " + leaf + ")");
      }
      return entry.chain(resource);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    }
  }

  /// None: the log does not show its nodes.
  @Override
  public Optional<List<Hash>> leafHashes(long from, long to, TreeHead head) {
    return Optional.empty();
  }

  @Override
  public String leafAddress(long index, long size) {
    return api.entryAddress(index);
  }

  @Override
  public boolean frozen(Checkpoint checkpoint) {
    return frozen.test(checkpoint);
  }

  @Override
  public void forget() {
    page.forget();
    refuses = false;
    lately = Optional.empty();
  }

  @Override
  public void close() {
    // The HTTP client is shared.
  }
}
