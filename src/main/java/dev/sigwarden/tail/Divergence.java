package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.store.View;
import dev.sigwarden.verify.SplitView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Where another history parts from the proven one. Of the proven one its subtrees are known, and
/// while this process runs the hashes of the last leaves; of the other, what the log answers. Used
/// by one thread at a time.
final class Divergence {
  /// How long the log is asked: a log that lies must not hold up what is told of it.
  private static final long LONGEST_SECONDS = 5;

  private final LogClient client;

  /// The last leaves judged of the proven history, one after the other: as many as a subtree has
  /// that is narrowed down to one leaf, and one chunk more.
  private final List<Run> recent = new ArrayList<>();

  /// The hashes of leaves from index `from` on.
  private record Run(long from, List<Hash> hashes) {
    long to() {
      return from + hashes.size();
    }
  }

  Divergence(LogClient client) {
    this.client = client;
  }

  /// These leaves of the proven history were judged.
  void judged(long from, List<Hash> hashes) {
    if (!recent.isEmpty() && recent.getLast().to() != from) {
      recent.clear();
    }
    recent.add(new Run(from, hashes));
    long end = from + hashes.size();
    while (recent.size() > 1 && end - recent.get(1).from() >= SplitView.MAX_LEAVES) {
      recent.removeFirst();
    }
  }

  /// Where the tree of `shown` parts from `known`; empty if that cannot be told: not all of `known`
  /// was judged, or the log does not answer.
  ///
  /// @param other what the tree of `shown` has at the size of `known`, proven
  Optional<SplitView.Parting> find(View known, TreeHead shown, TreeHead other) {
    if (!known.position().head().equals(known.head().head())
        || other.size() != known.head().head().size()
        || other.size() == 0) {
      return Optional.empty();
    }
    FutureTask<Optional<SplitView.Parting>> task = new FutureTask<>(() -> ask(known, shown, other));
    Thread.ofVirtual().name("divergence").start(task);
    try {
      return task.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case LogUnavailableException _, BadAnswerException _ -> Optional.empty();
        case null, default -> throw new IllegalStateException("where two histories part", e);
      };
    } finally {
      task.cancel(true);
    }
  }

  private Optional<SplitView.Parting> ask(View known, TreeHead shown, TreeHead other)
      throws LogUnavailableException, BadAnswerException {
    CompactRange theirs = client.range(other.size(), shown);
    if (!theirs.head().equals(other)) {
      return Optional.empty();
    }
    List<Hash> ours = known.position().range();
    SplitView.Range range = SplitView.firstDifference(other.size(), ours, theirs.hashes());
    List<Hash> ourLeaves = ourLeaves(range);
    List<Hash> theirLeaves = ourLeaves.isEmpty() ? List.of() : theirLeaves(range, shown);
    return Optional.of(
        theirLeaves.size() == ourLeaves.size()
            ? new SplitView.Parting(ours, theirs.hashes(), ourLeaves, theirLeaves)
            : new SplitView.Parting(ours, theirs.hashes(), List.of(), List.of()));
  }

  private List<Hash> ourLeaves(SplitView.Range range) {
    if (recent.isEmpty()
        || range.to() - range.from() > SplitView.MAX_LEAVES
        || recent.getFirst().from() > range.from()
        || recent.getLast().to() < range.to()) {
      return List.of();
    }
    List<Hash> leaves = new ArrayList<>();
    for (Run run : recent) {
      long from = Math.max(range.from(), run.from());
      long to = Math.min(range.to(), run.to());
      if (from < to) {
        leaves.addAll(run.hashes().subList((int) (from - run.from()), (int) (to - run.from())));
      }
    }
    return leaves;
  }

  private List<Hash> theirLeaves(SplitView.Range range, TreeHead shown)
      throws LogUnavailableException, BadAnswerException {
    List<Hash> hashes = new ArrayList<>();
    while (range.from() + hashes.size() < range.to()) {
      long from = range.from() + hashes.size();
      Optional<Leaves> leaves = client.leavesIfRoom(from, range.to(), shown);
      if (leaves.isEmpty()) {
        return List.of();
      }
      for (int i = 0; i < leaves.get().count(); i++) {
        hashes.add(
            Hash.ofLeaf(leaves.get().buffer(i), leaves.get().offset(i), leaves.get().length(i)));
      }
      leaves.get().release();
    }
    return hashes;
  }
}
