package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.verify.SplitView;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The histories that one log has shown: places each new head in the one that it continues, and
/// starts a branch for a head that contradicts them all. A log that lied is still watched: its
/// proven history stays as it was, and what it serves now is followed beside it.
final class Histories {
  /// Branches followed of one log: a log that shows more is told, and not followed further.
  static final int MAX_BRANCHES = 16;

  /// Suspects that are asked for again in one turn.
  private static final int REVIEWED = 4;

  /// Heads of the past that are searched for the last common one, entries.
  private static final int HISTORY = 10_000;

  private final LogSettings log;
  private final LogClient client;
  private final Divergence divergence;
  private final Store store;
  private final Reports reports;
  private final Patience patience;
  private final Continuity continuity;
  private final Suspects suspects;
  private final Clock clock;

  Histories(
      LogSettings log,
      LogClient client,
      Divergence divergence,
      Store store,
      Reports reports,
      Patience patience,
      Clock clock) {
    this.log = log;
    this.clock = clock;
    this.client = client;
    this.divergence = divergence;
    this.store = store;
    this.reports = reports;
    this.patience = patience;
    this.continuity = new Continuity(client);
    this.suspects = new Suspects(log.trusted().name(), store);
  }

  /// The first view of a log never met before, at its configured start.
  View begin(SeenHead head)
      throws LogUnavailableException, BadAnswerException, MismatchException, StaleStateException {
    long size =
        switch (log.start()) {
          case Start.Head _ -> head.head().size();
          case Start.Index(long index) -> Math.min(index, head.head().size());
        };
    View view = new View(0, head, Position.of(provenRange(size, head.head())));
    store.begin(log.trusted().name(), log.trusted().identity(), view);
    return view;
  }

  /// The view that `head` continues, with that head as its newest; empty if the head is an older
  /// one of a known history, or cannot be placed, so that there is nothing to read.
  ///
  /// What two signed notes prove by themselves is written down before anything more is asked of the
  /// log: a log that lies may stop answering.
  ///
  /// @param signedLater whether the log signed it after the newest head known, so that a smaller
  ///   one is no stale copy
  Optional<View> place(SeenHead head, List<View> views, boolean signedLater)
      throws LogUnavailableException, BadAnswerException, MismatchException, StaleStateException {
    View main = views.getFirst();
    Related toMain = relate(main, head);
    return switch (toMain.relation()) {
      case Relation.Same _, Relation.Extends _ -> {
        patience.end(Patience.State.OLDER);
        View placed = advance(main, toMain.relation(), head);
        reviewSuspects(placed, views);
        yield Optional.of(placed);
      }
      case Relation.Older(boolean proven) when proven -> {
        // A smaller head of the proven history is a stale cache, and no alarm until it lasts. There
        // is nothing to read that was not read.
        if (signedLater || lasted(patience.since(Patience.State.OLDER))) {
          store.file(List.of(reports.rollback(main, 0, head)));
        }
        yield Optional.empty();
      }
      case Relation.Older _ -> {
        Optional<Claim> claim = claim(head, views);
        yield claim.isPresent() ? claim.get().view() : suspect(head, views, signedLater);
      }
      case Relation.Contradicts lie -> {
        Optional<Claim> claim = claim(head, views);
        yield claim.isPresent() ? claim.get().view() : contradicts(lie, toMain, head, views);
      }
      case Relation.Unproven(String why) -> {
        Optional<Claim> claim = claim(head, views);
        if (claim.isEmpty()) {
          throw new MismatchException(main.position().head().size(), why);
        }
        yield claim.get().view();
      }
    };
  }

  /// How a head relates to a view, and to which head of it.
  private record Related(Relation relation, SeenHead against) {}

  private Related relate(View view, SeenHead head)
      throws LogUnavailableException, BadAnswerException {
    Relation relation = continuity.relate(view.head().head(), head.head());
    if (relation instanceof Relation.Older(boolean proven) && !proven) {
      // The log no longer proves its own past; what was seen of that past may still tell.
      for (SeenHead past : store.history(log.trusted().name(), view.branch(), HISTORY)) {
        if (past.head().size() == head.head().size()) {
          return past.head().root().equals(head.head().root())
              ? new Related(new Relation.Older(true), past)
              : new Related(continuity.relate(past.head(), head.head()), past);
        }
      }
    }
    return new Related(relation, view.head());
  }

  /// A branch that a head provably belongs to.
  ///
  /// @param view the branch with the head as its newest; empty if it is an older one of it
  private record Claim(Optional<View> view) {}

  /// The branch that provably has `head`. A branch for which nothing can be proven does not have
  /// it: a second lie must not hide behind the first.
  private Optional<Claim> claim(SeenHead head, List<View> views) throws StaleStateException {
    for (View branch : views.subList(1, views.size())) {
      Relation relation;
      try {
        relation = relate(branch, head).relation();
      } catch (LogUnavailableException | BadAnswerException e) {
        continue;
      }
      switch (relation) {
        case Relation.Same _, Relation.Extends _ -> {
          return Optional.of(new Claim(Optional.of(advance(branch, relation, head))));
        }
        case Relation.Older(boolean proven) when proven -> {
          return Optional.of(new Claim(Optional.empty()));
        }
        case Relation.Older _, Relation.Contradicts _, Relation.Unproven _ -> {}
      }
    }
    return Optional.empty();
  }

  private View advance(View view, Relation relation, SeenHead head) throws StaleStateException {
    if (relation instanceof Relation.Same) {
      return view;
    }
    store.head(log.trusted().name(), view.branch(), view.head(), head);
    return new View(view.branch(), head, view.position());
  }

  private Optional<View> contradicts(
      Relation.Contradicts lie, Related toMain, SeenHead head, List<View> views)
      throws LogUnavailableException, BadAnswerException, MismatchException, StaleStateException {
    int number = views.getLast().branch() + 1;
    // Asking where they part may take a while; until it is told, the head is remembered.
    var _ = suspects.add(head);
    Filing fork =
        reports.fork(
            toMain.against(),
            number,
            head,
            lie,
            parting(number, views.getFirst(), toMain, head, lie));
    suspects.remove(head.head(), List.of(fork));
    return open(number, head, views);
  }

  private Optional<SplitView.Parting> parting(
      int number, View main, Related related, SeenHead head, Relation.Contradicts lie) {
    return number <= MAX_BRANCHES
            && related.against().equals(main.head())
            && lie.other().isPresent()
        ? divergence.find(main, head.head(), lie.other().get())
        : Optional.empty();
  }

  /// A smaller head that the log signed and does not show to be of the proven history. It is
  /// remembered, whatever is shown in between, until it is proven or has lasted too long.
  private Optional<View> suspect(SeenHead head, List<View> views, boolean signedLater)
      throws LogUnavailableException, BadAnswerException, MismatchException, StaleStateException {
    Optional<SeenHead> first = suspects.add(head);
    if (first.isPresent() && !signedLater && !lasted(first.get().seen())) {
      return Optional.empty();
    }
    int number = views.getLast().branch() + 1;
    suspects.remove(head.head(), List.of(reports.rollback(views.getFirst(), number, head)));
    return open(number, head, views);
  }

  /// Asks again for proof of heads that were signed and not shown to be of the proven history, now
  /// that the log answers for it.
  private void reviewSuspects(View main, List<View> views) {
    int number = views.getLast().branch() + 1;
    for (SeenHead suspect : suspects.first(REVIEWED)) {
      Related related;
      try {
        related = relate(main, suspect);
      } catch (LogUnavailableException | BadAnswerException e) {
        // That nothing is said of this one must not keep others from being asked for.
        continue;
      }
      switch (related.relation()) {
        case Relation.Contradicts lie -> {
          suspects.remove(
              suspect.head(),
              List.of(reports.fork(related.against(), number, suspect, lie, Optional.empty())));
        }
        case Relation.Older(boolean proven) when proven ->
            suspects.remove(suspect.head(), List.of());
        case Relation.Older _ -> {
          if (lasted(suspect.seen())) {
            suspects.remove(suspect.head(), List.of(reports.rollback(main, number, suspect)));
          }
        }
        case Relation.Unproven(String why) -> {
          if (lasted(suspect.seen())) {
            suspects.remove(suspect.head(), List.of(unproven(suspect, main, why)));
          }
        }
        case Relation.Same _, Relation.Extends _ -> {}
      }
    }
  }

  private Filing unproven(SeenHead head, View main, String why) {
    return reports.mismatch(
        new View(0, head, main.position()),
        main.position().head().size(),
        head.head().size(),
        why,
        clock.instant());
  }

  /// Places a head that the log sent beside a proof, which did not show that it continues the
  /// proven history. If nothing can be learnt of it now, it is remembered.
  ///
  /// @return the finding, if what the log serves does not fit that head; not written yet
  Optional<Filing> stranger(SeenHead head) throws StaleStateException {
    List<View> views = store.views(log.trusted().name());
    try {
      var _ = place(head, views, false);
      return Optional.empty();
    } catch (LogUnavailableException | BadAnswerException e) {
      var _ = suspects.add(head);
      return Optional.empty();
    } catch (MismatchException e) {
      return Optional.of(unproven(head, views.getFirst(), e.getMessage()));
    }
  }

  private boolean lasted(Instant since) {
    return patience.over(since, log.timing().rollbackAfter());
  }

  /// Starts to follow a history that contradicts the proven one; that it does is written down
  /// before. If the log does not answer for it, the next turn that shows it tries again.
  private Optional<View> open(int number, SeenHead head, List<View> views)
      throws LogUnavailableException, BadAnswerException, MismatchException, StaleStateException {
    if (number > MAX_BRANCHES) {
      return Optional.empty();
    }
    // What is cached is the other history's: nothing of it fits this head.
    client.forget();
    CompactRange from = lastCommon(views.getFirst(), head.head());
    View view = new View(number, head, Position.of(from));
    store.branch(log.trusted().name(), view, List.of());
    return Optional.of(view);
  }

  /// The compact range at the newest head of the proven history that is a prefix of `head`'s tree,
  /// never beyond what was judged; if none is, at where reading began, for everything since then
  /// may be another's. Whether a past head is a prefix falls from true to false once, so halving
  /// finds the border.
  private CompactRange lastCommon(View main, TreeHead head)
      throws LogUnavailableException, BadAnswerException, MismatchException {
    List<SeenHead> history = store.history(log.trusted().name(), 0, HISTORY);
    List<SeenHead> past =
        history.stream().filter(seen -> seen.head().size() <= head.size()).toList();
    int low = 0;
    int high = past.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isPrefix(past.get(middle).head(), head)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low == past.size()) {
      long began =
          switch (log.start()) {
            case Start.Head _ -> history.getLast().head().size();
            case Start.Index(long index) -> index;
          };
      return provenRange(Math.min(began, head.size()), head);
    }
    long common = past.get(low).head().size();
    return provenRange(Math.min(common, main.position().head().size()), head);
  }

  private boolean isPrefix(TreeHead past, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return past.size() == head.size()
        ? past.root().equals(head.root())
        : client.consistency(past.size(), head.size()).holds(past, head);
  }

  /// The compact range over the first `size` leaves of the tree of `head`, proven.
  private CompactRange provenRange(long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException, MismatchException {
    return provenRange(client, size, head);
  }

  /// The same as the log of `client` serves it; asked for once more past every cache.
  static CompactRange provenRange(LogClient client, long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException, MismatchException {
    for (int attempt = 0; attempt < 2; attempt++) {
      CompactRange range = size == 0 ? CompactRange.empty() : client.range(size, head);
      if (range.size() == size && client.consistency(size, head.size()).holds(range.head(), head)) {
        return range;
      }
      client.forget();
    }
    throw new MismatchException(
        size,
        "the nodes served for size %d do not fold to the signed head (%d entries, root %s)"
            .formatted(size, head.size(), head.root()));
  }
}
