package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.LeafHashes;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.verify.ChunkProof;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Leaves in index order, each chunk proven against the signed head before it is handed out. A
/// chunk that does not fit is asked for once more past every cache. Close it to give up what is
/// under way.
public final class ProvenLeaves implements AutoCloseable {
  private final LogClient client;
  private final TreeHead head;
  private final ChunkReader reader;
  private CompactRange range;
  private Optional<Leaves> current = Optional.empty();

  /// Leaves from the end of `range` up to index `to` of the tree of `head`.
  public ProvenLeaves(
      LogClient client, ChunkJudge judge, CompactRange range, long to, TreeHead head) {
    this.client = client;
    this.range = range;
    this.head = head;
    this.reader = new ChunkReader(client, judge, range.size(), to, head);
  }

  /// Whether leaves are left.
  public boolean hasNext() {
    return reader.hasNext();
  }

  /// The next chunk, proven; the one before is released, so the caller is done with it.
  ///
  /// @throws MismatchException if what the log serves is not what it signed, twice
  ProvenChunk next() throws LogUnavailableException, BadAnswerException, MismatchException {
    long from = range.size();
    Optional<ProvenChunk> proven = firstAttempt();
    if (proven.isEmpty()) {
      client.forget();
      release();
      reader.restart(from);
      proven = secondAttempt(from);
    }
    if (proven.isEmpty()) {
      throw mismatch(from);
    }
    range = proven.get().after();
    return proven.get();
  }

  private Optional<ProvenChunk> firstAttempt() throws LogUnavailableException {
    try {
      return attempt();
    } catch (BadAnswerException _) {
      return Optional.empty();
    }
  }

  private Optional<ProvenChunk> secondAttempt(long from)
      throws LogUnavailableException, BadAnswerException {
    try {
      return attempt();
    } catch (BadAnswerException e) {
      throw new BadAnswerException(
          "entries from index %d on, of %d".formatted(from, head.size()), e.getMessage());
    }
  }

  private Optional<ProvenChunk> attempt() throws LogUnavailableException, BadAnswerException {
    JudgedLeaves read = read();
    CompactRange after = ChunkProof.append(range, read.hashes());
    return ChunkProof.holds(after, client.consistency(after.size(), head.size()), head)
        ? Optional.of(new ProvenChunk(read, after))
        : Optional.empty();
  }

  private JudgedLeaves read() throws LogUnavailableException, BadAnswerException {
    release();
    JudgedLeaves read = reader.next();
    current = Optional.of(read.leaves());
    return read;
  }

  private void release() {
    current.ifPresent(Leaves::release);
    current = Optional.empty();
  }

  private MismatchException mismatch(long from) throws LogUnavailableException, BadAnswerException {
    release();
    reader.restart(from);
    JudgedLeaves read = read();
    long to = read.leaves().to();
    String what =
        "entries [%d, %d) do not fit the signed tree of %d entries with root %s"
            .formatted(from, to, head.size(), head.root());
    Optional<List<Hash>> stored = client.leafHashes(from, to, head);
    if (stored.isEmpty()) {
      return new MismatchException(from, what);
    }
    LeafHashes computed = read.hashes();
    OptionalLong first = ChunkProof.firstDifference(from, computed, stored.get());
    if (first.isEmpty()) {
      return new MismatchException(
          from, what + "; the log's own leaf hashes agree with the entries, so its nodes differ");
    }
    long index = first.getAsLong();
    return new MismatchException(
        from,
        "%s; first at index %d: the entry hashes to %s, the log's tile says %s (%s)"
            .formatted(
                what,
                index,
                computed.get((int) (index - from)),
                stored.get().get((int) (index - from)),
                client.leafAddress(index, head.size())));
  }

  @Override
  public void close() {
    release();
    reader.close();
  }
}
