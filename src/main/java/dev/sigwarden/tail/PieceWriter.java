package dev.sigwarden.tail;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.store.Commit;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.ScanBook;
import dev.sigwarden.store.ScanCommit;
import dev.sigwarden.store.ScanPiece;
import dev.sigwarden.store.StaleStateException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes one piece of a scan down, chunk by chunk, each in one transaction with the compact range
/// over the piece so far. Chunks of which nothing is worth writing down wait for the next that has
/// something, for a second, or for the piece's end. Used by one thread at a time.
final class PieceWriter implements ChunkCommit.Writer {
  /// How much work a process that is killed repeats at most, beside its last chunk.
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final ScanBook scans;
  private final ScanPiece piece;
  private final String revision;
  private final long watchSet;
  private final CompactRange own;

  // What is not written yet, and of which chunk; absent before the first.
  private @Nullable ProvenChunk chunk;
  private @Nullable Position next;
  private long written;
  private long since = System.nanoTime();

  /// @param piece as it was taken
  /// @param revision of the watches that judge it
  /// @param watchSet their number in `Coverage`
  PieceWriter(ScanBook scans, ScanPiece piece, String revision, long watchSet) {
    this.scans = scans;
    this.piece = piece;
    this.revision = revision;
    this.watchSet = watchSet;
    this.own = piece.own();
    this.written = piece.at();
  }

  /// What is written next is of this chunk.
  void read(ProvenChunk following) {
    chunk = following;
  }

  @Override
  public void write(Commit commit) throws StaleStateException {
    ProvenChunk of = Objects.requireNonNull(chunk);
    long from = of.leaves().from();
    long at = piece.from() + own.size();
    long end = commit.next().head().size();
    of.hashes().appendTo(own, (int) (at - from), (int) (end - from));
    next = commit.next();
    boolean nothing =
        commit.observations().isEmpty() && commit.filings().isEmpty() && commit.untold().isEmpty();
    boolean waits = nothing && end < piece.to() && System.nanoTime() - since < LONGEST.toNanos();
    if (!waits) {
      flush(commit.next(), commit);
    }
  }

  /// Writes what waits.
  void flush() throws StaleStateException {
    Position waiting = next;
    if (waiting != null && waiting.head().size() > written) {
      flush(waiting, new Commit("", 0, waiting.head(), waiting, List.of(), List.of()));
    }
  }

  private void flush(Position to, Commit commit) throws StaleStateException {
    scans.commit(
        new ScanCommit(
            piece.hold(),
            written,
            to,
            own.hashes(),
            revision,
            to.head().size() == piece.to(),
            commit.observations(),
            commit.filings(),
            commit.untold(),
            watchSet));
    written = to.head().size();
    since = System.nanoTime();
  }
}
