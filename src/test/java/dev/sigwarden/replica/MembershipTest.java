package dev.sigwarden.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.sim.Postgres;
import dev.sigwarden.store.Replicas;
import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.Replicas.State;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StorePlace;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final List<String> TASKS =
      List.of("turn of a", "turn of b", "turn of c", "review");

  private final StorePlace.Server place = Postgres.database();
  private final AtomicLong nanos = new AtomicLong();
  private Store store;
  private Replicas replicas;
  private Membership one;
  private Membership two;

  @BeforeEach
  void open() {
    store = Store.open(place, Clock.systemUTC());
    replicas = store.replicas().orElseThrow();
    one = member("one");
    two = member("two");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Membership member(String id) {
    Membership member = new Membership(replicas, id, "1", nanos::get);
    TASKS.forEach(member::want);
    return member;
  }

  private static Set<String> held(Membership member) {
    return TASKS.stream().filter(member::holds).collect(Collectors.toSet());
  }

  private void passes(Duration time) {
    nanos.addAndGet(time.toNanos());
    Postgres.execute(
        place,
        "UPDATE replica SET seen = seen - " + time.toMillis(),
        "UPDATE task_lease SET held_until = held_until - " + time.toMillis());
  }

  private void share() {
    for (int round = 0; round < 4; round++) {
      one.beat();
      two.beat();
    }
  }

  @Test
  void one_alone_has_everything_after_its_first_beat() {
    assertThat(held(one)).isEmpty();
    one.beat();
    assertThat(held(one)).hasSize(TASKS.size());
  }

  @Test
  void one_that_comes_gets_its_share_and_no_task_is_with_both() {
    one.beat();
    share();
    assertThat(held(one)).hasSize(2);
    assertThat(held(two)).hasSize(2);
    assertThat(Stream.of(one, two).flatMap(it -> held(it).stream()))
        .containsExactlyInAnyOrderElementsOf(TASKS);
  }

  @Test
  void tasks_of_one_that_is_not_heard_of_are_the_others_after_its_lease() {
    share();
    passes(Membership.LEASE.minusSeconds(3));
    two.beat();
    assertThat(held(two)).hasSize(2);
    passes(Duration.ofSeconds(4));
    two.beat();
    assertThat(held(two)).hasSize(TASKS.size());
    assertThat(two.replicas())
        .filteredOn(it -> it.id().equals("one"))
        .extracting(Replica::state)
        .containsExactly(State.LOST);
  }

  @Test
  void what_is_shared_by_number_is_shared_by_those_that_live() {
    assertThat(one.sharers()).isEqualTo(1);
    share();
    assertThat(one.sharers()).isEqualTo(2);
    assertThat(two.sharers()).isEqualTo(2);
    passes(Membership.LEASE.plusSeconds(1));
    two.beat();
    assertThat(two.sharers()).isEqualTo(1);
    assertThat(Tenure.alone().sharers()).isEqualTo(1);
  }

  @Test
  void one_that_was_stopped_stops_believing_before_others_may_take_over() {
    share();
    Set<String> before = held(one);
    nanos.addAndGet(Membership.LEASE.minusMillis(500).toNanos());
    assertThat(before).hasSize(2);
    assertThat(held(one)).isEmpty();
  }

  @Test
  void one_that_comes_back_has_a_new_term_of_what_it_had() {
    one.beat();
    long term = one.term("review");
    one.beat();
    assertThat(one.term("review")).isEqualTo(term);
    passes(Membership.LEASE.plusSeconds(60));
    assertThat(one.term("review")).isZero();
    one.beat();
    assertThat(one.term("review")).isGreaterThan(term);
  }

  @Test
  void one_that_was_taken_for_lost_believes_in_nothing_that_another_has() {
    share();
    passes(Membership.LEASE.plusSeconds(5));
    two.beat();
    one.beat();
    assertThat(held(one)).isEmpty();
    share();
    assertThat(Stream.of(one, two).flatMap(it -> held(it).stream()))
        .containsExactlyInAnyOrderElementsOf(TASKS);
  }

  @Test
  void one_that_ends_in_order_leaves_its_tasks_to_the_others_at_once() {
    share();
    one.close();
    assertThat(held(one)).isEmpty();
    two.beat();
    assertThat(held(two)).hasSize(TASKS.size());
  }

  @Test
  void task_that_only_one_configuration_has_stays_with_it() {
    one.want("turn of new");
    one.beat();
    for (int round = 0; round < 4; round++) {
      passes(Membership.BEAT);
      one.beat();
      two.beat();
    }
    assertThat(one.holds("turn of new")).isTrue();
  }

  @Test
  void task_beyond_the_share_is_taken_when_nobody_else_takes_it() {
    // The other lives and never takes anything.
    replicas.beat(new Replicas.Sign("idle", "1", "", "", ""), Membership.LEASE, Set.of());
    one.beat();
    assertThat(held(one)).hasSize(2);
    passes(Duration.ofSeconds(7));
    replicas.beat(new Replicas.Sign("idle", "1", "", "", ""), Membership.LEASE, Set.of());
    one.beat();
    assertThat(held(one)).hasSize(TASKS.size());
    assertThat(one.ownerless()).isEmpty();
  }

  @Test
  void task_that_is_not_wanted_any_more_is_given_away_after_a_while() {
    one.beat();
    one.drop("review");
    one.beat();
    assertThat(one.holds("review")).isTrue();
    passes(Duration.ofSeconds(7));
    one.beat();
    one.beat();
    assertThat(one.holds("review")).isFalse();
  }

  @Test
  void those_that_take_part_share_without_being_asked() {
    Membership live = new Membership(replicas, "live", "1");
    Membership other = new Membership(replicas, "other", "1");
    TASKS.forEach(live::want);
    TASKS.forEach(other::want);
    try (live;
        other) {
      live.start(_ -> {});
      other.start(_ -> {});
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> held(live).size() == 2 && held(other).size() == 2);
    }
    assertThat(held(live)).isEmpty();
  }
}
