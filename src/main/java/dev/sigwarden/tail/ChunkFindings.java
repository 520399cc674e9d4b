package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Alerts;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.Untold;
import dev.sigwarden.store.View;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes down what the judgements of a proven chunk come to: observations, findings with their
/// evidence, and entries that are only counted since too many like them were told. Used by one
/// thread at a time.
final class ChunkFindings {
  private final Store store;
  private final Reports reports;
  private final Flood flood;
  private final Consumer<List<Filing>> told;
  private final boolean again;

  /// Of entries that are read for the first time.
  ///
  /// @param told called with findings that were written
  ChunkFindings(Store store, Reports reports, Flood flood, Consumer<List<Filing>> told) {
    this(store, reports, flood, told, false);
  }

  /// @param again whether the entries may have been read before: the log is asked for no evidence
  ///   of findings that are known
  ChunkFindings(
      Store store, Reports reports, Flood flood, Consumer<List<Filing>> told, boolean again) {
    this.store = store;
    this.reports = reports;
    this.flood = flood;
    this.told = told;
    this.again = again;
  }

  /// Writes a chunk down to its end.
  ///
  /// @param view what was known of the log when the chunk was read
  void write(View view, ProvenChunk chunk, ChunkCommit commit, Instant now)
      throws StaleStateException {
    flood.chunk();
    for (Judgement judgement : chunk.judgements()) {
      // Judgements come in index order, so that all before this one's entry is complete.
      if (commit.isFull() && judgement.index() > commit.last()) {
        told.accept(commit.writeUpTo(judgement.index()));
      }
      reports.observation(view, judgement, now).ifPresent(commit::add);
      Optional<Alert> alert = reports.alert(view, judgement, now);
      if (alert.isPresent()) {
        found(view, judgement, alert.get(), chunk.leaves(), commit);
      }
    }
    told.accept(commit.writeUpTo(chunk.leaves().to()));
  }

  /// Adds a finding to the commit, or that there is one too many to tell of.
  private void found(View view, Judgement judgement, Alert alert, Leaves read, ChunkCommit commit) {
    if (again && store.finding(alert.uid()).isPresent()) {
      commit.add(reports.known(view, judgement, alert));
      return;
    }
    Optional<Untold> untold = untold(view, judgement, alert);
    if (untold.isPresent()) {
      commit.add(untold.get());
    } else if (view.branch() == 0 || !toldOnMain(judgement, alert)) {
      commit.add(reports.filing(view, judgement, alert, read));
    }
  }

  /// The entry if no watch selects it and too many like it are told already.
  private Optional<Untold> untold(View view, Judgement judgement, Alert alert) {
    return switch (judgement) {
      case Judgement.Signature _ -> Optional.empty();
      case Judgement.Resembling resembling ->
          flood.tooMany(
              view.branch(),
              judgement,
              alert,
              resembling.lookalike().way().label() + ": " + resembling.lookalike().subject());
      case Judgement.Undecodable undecodable ->
          flood.tooMany(view.branch(), judgement, alert, undecodable.reason());
    };
  }

  /// Whether the proven history has the same entry at the same index, and told of it: a branch is
  /// read from the last common head, which may lie before the entry at which the histories part.
  private boolean toldOnMain(Judgement judgement, Alert alert) {
    View main = store.views(alert.log()).getFirst();
    if (judgement.index() >= main.position().head().size()) {
      return false;
    }
    return reports
        .alert(main, judgement, alert.firstSeen())
        .flatMap(same -> store.finding(same.uid()))
        .map(found -> found.alert().where())
        .filter(where -> where.contains(Alerts.leafHash(judgement.leaf().toHex())))
        .isPresent();
  }
}
