package dev.sigwarden.replica;

import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.Replicas.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// How tasks are spread: each live replica has as many as another, or one more.
///
/// @param id this replica
/// @param wanted the same for all that have the same tasks
/// @param tasks how many this replica could run
/// @param replicas all replicas
record Shares(String id, String wanted, int tasks, List<Replica> replicas) {
  private int live() {
    return Math.max(1, (int) replicas.stream().filter(one -> one.state() == State.LIVE).count());
  }

  /// The most that this replica takes while somebody else may take the rest.
  int most() {
    return (tasks + live() - 1) / live();
  }

  /// Those of its tasks that this replica gives away, so that one which has fewer can take them;
  /// none while replicas have different tasks, since nobody may want them then.
  List<String> surplus(Collection<String> held) {
    List<Replica> others =
        replicas.stream().filter(one -> one.state() == State.LIVE && !one.id().equals(id)).toList();
    if (others.isEmpty() || others.stream().anyMatch(one -> !one.wanted().equals(wanted))) {
      return List.of();
    }
    int least = others.stream().mapToInt(Replica::held).min().orElse(0);
    int floor = tasks / live();
    int keep = least < floor && held.size() == floor + 1 ? floor : most();
    List<String> surplus = new ArrayList<>(held).stream().sorted().toList();
    return surplus.subList(Math.min(keep, surplus.size()), surplus.size());
  }

  /// Those of the free tasks that this replica takes.
  ///
  /// @param held how many it has
  /// @param free tasks that nobody has
  /// @param left those of them that nobody has taken for a while, though it was there to be taken
  List<String> taken(int held, Collection<String> free, Set<String> left) {
    int room = Math.max(0, most() - held);
    List<String> sorted = free.stream().sorted().toList();
    List<String> taken = new ArrayList<>(sorted.subList(0, Math.min(room, sorted.size())));
    sorted.stream().skip(taken.size()).filter(left::contains).forEach(taken::add);
    return taken;
  }
}
