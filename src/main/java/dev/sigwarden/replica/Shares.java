package dev.sigwarden.replica;

import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.Replicas.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// How tasks are spread: each live replica has as many as another, or one more. One that has not
/// been heard of for `PATIENCE` has no share: nothing is given away for it, which it would not
/// take.
///
/// @param id this replica
/// @param wanted the same for all that have the same tasks
/// @param tasks how many this replica could run
/// @param replicas all replicas
record Shares(String id, String wanted, int tasks, List<Replica> replicas) {
  /// How long a replica is given to take what is there for it.
  static final Duration PATIENCE = Membership.BEAT.multipliedBy(2);

  Shares {
    Instant latest =
        replicas.stream().map(Replica::seen).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    replicas =
        replicas.stream()
            .filter(one -> one.state() == State.LIVE)
            .filter(one -> !one.seen().isBefore(latest.minus(PATIENCE)))
            .toList();
  }

  private int live() {
    return Math.max(1, replicas.size());
  }

  private int floor() {
    return tasks / live();
  }

  private List<Replica> others() {
    return replicas.stream().filter(one -> !one.id().equals(id)).toList();
  }

  /// Whether another that can run the same has fewer than everybody has.
  private boolean anotherHasTooFew() {
    return others().stream().anyMatch(one -> one.wanted().equals(wanted) && one.held() < floor());
  }

  /// The most that this replica takes while somebody else may take the rest.
  private int most() {
    return (tasks + live() - 1) / live();
  }

  /// Those of its tasks that this replica gives away, so that one which has fewer can take them;
  /// none while replicas have different tasks, since nobody may want them then.
  List<String> surplus(Collection<String> held) {
    List<Replica> others = others();
    if (others.isEmpty() || others.stream().anyMatch(one -> !one.wanted().equals(wanted))) {
      return List.of();
    }
    int keep = anotherHasTooFew() && held.size() == floor() + 1 ? floor() : most();
    List<String> surplus = new ArrayList<>(held).stream().sorted().toList();
    return surplus.subList(Math.min(keep, surplus.size()), surplus.size());
  }

  /// Those of the free tasks that this replica takes: none of those that another has too few of, or
  /// two would take, give away and take the same one at each beat.
  ///
  /// @param held how many it has
  /// @param free tasks that nobody has
  /// @param left those of them that nobody has taken for a while, though it was there to be taken
  List<String> taken(int held, Collection<String> free, Set<String> left) {
    int room = Math.max(0, (anotherHasTooFew() ? floor() : most()) - held);
    List<String> sorted = free.stream().sorted().toList();
    List<String> taken = new ArrayList<>(sorted.subList(0, Math.min(room, sorted.size())));
    sorted.stream().skip(taken.size()).filter(left::contains).forEach(taken::add);
    return taken;
  }
}
