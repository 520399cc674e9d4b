package dev.sigwarden.tail;

import dev.sigwarden.alert.Evidence;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.store.Commit;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Untold;
import dev.sigwarden.store.View;
import java.util.ArrayList;
import java.util.List;

/// Writes one judged chunk down, in as few transactions as hold a bounded number of bytes each: a
/// log of large entries that are all selected must not fill the memory. A part of a proven chunk is
/// as proven as the whole: its leaf hashes are those that folded to the signed head.
final class ChunkCommit {
  /// What one transaction writes of entries and evidence, in bytes; one entry more may exceed it.
  /// Far above what a usual chunk selects, and small in the smallest heap.
  static final int MAX_BYTES = 4 << 20;

  /// Where a part of a chunk is written down.
  @FunctionalInterface
  interface Writer {
    /// Writes all of it or nothing.
    ///
    /// @throws StaleStateException if somebody else wrote in the meantime
    void write(Commit commit) throws StaleStateException;
  }

  private final String log;
  private final Writer writer;
  private final ProvenChunk chunk;
  private final long watchSet;
  private final List<Observation> observations = new ArrayList<>();
  private final List<Filing> filings = new ArrayList<>();
  private final List<Untold> untold = new ArrayList<>();
  private View view;
  private long bytes;
  private long last = -1;

  /// @param view the view whose position is where the chunk begins
  /// @param watchSet the set of the watches that judged it
  ChunkCommit(String log, Writer writer, View view, ProvenChunk chunk, long watchSet) {
    this.log = log;
    this.writer = writer;
    this.view = view;
    this.chunk = chunk;
    this.watchSet = watchSet;
  }

  /// The view as written so far.
  View view() {
    return view;
  }

  /// The index of the entry that was added to last; -1 before any.
  long last() {
    return last;
  }

  /// Whether what was added is to be written before more is added.
  boolean isFull() {
    return bytes >= MAX_BYTES;
  }

  /// Adds what is to be written of an entry.
  void add(Observation observation) {
    observations.add(observation);
    last = Math.max(last, observation.index());
    bytes += observation.entry().length();
  }

  /// Adds what is to be told of an entry.
  void add(Filing filing) {
    filings.add(filing);
    last = Math.max(last, filing.finding().index());
    bytes += filing.finding().evidence().stream().mapToLong(Evidence::length).sum();
  }

  /// Adds what is only to be counted.
  void add(Untold entry) {
    untold.add(entry);
    last = Math.max(last, entry.index());
  }

  /// The compact range over all leaves before `end`, which is inside the chunk.
  private CompactRange part(long end) {
    long from = chunk.leaves().from();
    CompactRange range = view.position().toRange();
    chunk.hashes().appendTo(range, (int) (range.size() - from), (int) (end - from));
    return range;
  }

  /// Writes what was added since the last time, with the position after `end`.
  ///
  /// @param end the index after the last entry of which anything was added, or the chunk's end
  /// @return the findings written
  List<Filing> writeUpTo(long end) throws StaleStateException {
    Position next = Position.of(end == chunk.leaves().to() ? chunk.after() : part(end));
    writer.write(
        new Commit(
            log,
            view.branch(),
            view.position().head(),
            next,
            observations,
            filings,
            untold,
            watchSet));
    view = new View(view.branch(), view.head(), next);
    List<Filing> written = List.copyOf(filings);
    observations.clear();
    filings.clear();
    untold.clear();
    bytes = 0;
    return written;
  }
}
