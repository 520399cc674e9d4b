package dev.sigwarden.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.Replicas.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static Replica replica(String id, String wanted, State state, int held) {
    return new Replica(id, "1", state, wanted, held, "", "", Instant.EPOCH, Instant.EPOCH);
  }

  /// Replicas that beat in turn until nothing changes any more.
  private static Map<String, Set<String>> settled(int replicas, int tasks) {
    Set<String> all = new TreeSet<>(IntStream.range(0, tasks).mapToObj(i -> "turn " + i).toList());
    Map<String, Set<String>> held = new TreeMap<>();
    held.put("r0", new TreeSet<>(all));
    IntStream.range(1, replicas).forEach(i -> held.put("r" + i, new TreeSet<>()));
    for (int round = 0; round < 4 * (tasks + 1); round++) {
      for (String id : held.keySet()) {
        List<Replica> seen = new ArrayList<>();
        held.forEach((one, its) -> seen.add(replica(one, "w", State.LIVE, its.size())));
        Shares shares = new Shares(id, "w", tasks, seen);
        Set<String> free = new HashSet<>(all);
        held.values().forEach(free::removeAll);
        held.get(id).addAll(shares.taken(held.get(id).size(), free, Set.of()));
        held.get(id).removeAll(shares.surplus(held.get(id)));
      }
    }
    return held;
  }

  @Test
  void any_number_of_tasks_ends_up_spread_with_each_at_one_replica() {
    for (int replicas = 1; replicas <= 5; replicas++) {
      for (int tasks = 0; tasks <= 12; tasks++) {
        Map<String, Set<String>> held = settled(replicas, tasks);
        List<String> given = held.values().stream().flatMap(Set::stream).toList();
        assertThat(given).as("%d of %d", tasks, replicas).doesNotHaveDuplicates().hasSize(tasks);
        assertThat(
                held.values().stream().mapToInt(Set::size).max().orElse(0)
                    - held.values().stream().mapToInt(Set::size).min().orElse(0))
            .as("%d of %d: %s", tasks, replicas, held)
            .isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void no_task_goes_to_and_fro_while_a_replica_takes_none_of_what_is_there_for_it() {
    Set<String> all = new TreeSet<>(IntStream.range(0, 19).mapToObj(i -> "turn " + i).toList());
    Map<String, Set<String>> held = settled(2, 19);
    Map<String, Integer> owners = new TreeMap<>();
    for (int round = 0; round < 40; round++) {
      for (String id : held.keySet()) {
        List<Replica> seen = new ArrayList<>();
        held.forEach((one, its) -> seen.add(replica(one, "w", State.LIVE, its.size())));
        seen.add(replica("new", "w", State.LIVE, 0));
        seen.add(replica("newer", "w", State.LIVE, 0));
        Shares shares = new Shares(id, "w", 19, seen);
        Set<String> free = new HashSet<>(all);
        held.values().forEach(free::removeAll);
        List<String> taken = shares.taken(held.get(id).size(), free, Set.of());
        taken.forEach(task -> owners.merge(task, 1, Integer::sum));
        held.get(id).addAll(taken);
        held.get(id).removeAll(shares.surplus(held.get(id)));
      }
    }
    assertThat(owners).as("taken while four were there and two took none").isEmpty();
    assertThat(held.values()).allSatisfy(its -> assertThat(its).hasSize(4));
  }

  @Test
  void nothing_is_left_for_a_replica_that_is_not_heard_of() {
    Instant now = Instant.EPOCH.plus(Shares.PATIENCE).plusMillis(1);
    Replica own = new Replica("a", "1", State.LIVE, "w", 4, "", "", Instant.EPOCH, now);
    Shares shares = new Shares("a", "w", 4, List.of(own, replica("b", "w", State.LIVE, 0)));
    assertThat(shares.surplus(Set.of("1", "2", "3", "4"))).isEmpty();
    assertThat(shares.taken(0, Set.of("1", "2", "3", "4"), Set.of())).hasSize(4);
  }

  @Test
  void gives_nothing_away_while_another_has_other_tasks() {
    Shares shares =
        new Shares(
            "a",
            "w",
            4,
            List.of(replica("a", "w", State.LIVE, 4), replica("b", "other", State.LIVE, 0)));
    assertThat(shares.surplus(Set.of("1", "2", "3", "4"))).isEmpty();
  }

  @Test
  void takes_its_share_at_once_and_more_only_if_nobody_else_does() {
    Shares shares =
        new Shares(
            "a",
            "w",
            4,
            List.of(replica("a", "w", State.LIVE, 1), replica("b", "w", State.LIVE, 0)));
    assertThat(shares.taken(1, Set.of("2", "3", "4"), Set.of())).containsExactly("2");
    assertThat(shares.taken(1, Set.of("2", "3", "4"), Set.of("4"))).containsExactly("2", "4");
  }

  @Test
  void replicas_that_are_gone_have_no_share() {
    Shares shares =
        new Shares(
            "a",
            "w",
            4,
            List.of(
                replica("a", "w", State.LIVE, 0),
                replica("b", "w", State.LOST, 0),
                replica("c", "w", State.LEFT, 0)));
    assertThat(shares.taken(0, Set.of("1", "2", "3", "4"), Set.of())).hasSize(4);
  }
}
