package dev.sigwarden.store;

import dev.sigwarden.merkle.TreeHead;
import java.util.List;

/// Everything that one judged chunk changes, written in one transaction or not at all.
///
/// @param log the operator's name of the log
/// @param branch the view
/// @param known the position that the chunk started from; the commit is refused if it is no longer
///   this
/// @param next the position after the chunk
/// @param observations entries that watches selected
/// @param filings findings and their receivers
/// @param untold entries that are only counted
/// @param watchSet the set of the watches that judged it (`Coverage`)
public record Commit(
    String log,
    int branch,
    TreeHead known,
    Position next,
    List<Observation> observations,
    List<Filing> filings,
    List<Untold> untold,
    long watchSet) {
  public Commit {
    observations = List.copyOf(observations);
    filings = List.copyOf(filings);
    untold = List.copyOf(untold);
  }

  /// A chunk of which everything is told, by watches that nobody asks for.
  public Commit(
      String log,
      int branch,
      TreeHead known,
      Position next,
      List<Observation> observations,
      List<Filing> filings) {
    this(log, branch, known, next, observations, filings, List.of(), Coverage.UNKNOWN);
  }
}
