package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.Replicas.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// When replicas take over a changed configuration, and when they are told to differ.
class AgreementTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final List<Replica> replicas = new ArrayList<>();
  private final Agreement agreement = new Agreement(() -> List.copyOf(replicas), clock);

  private void replica(String id, State state, String used, String read) {
    replicas.removeIf(one -> one.id().equals(id));
    replicas.add(new Replica(id, "1", state, "", 0, used, read, clock.instant(), clock.instant()));
  }

  @Test
  void process_that_is_alone_takes_over_what_it_has_read_at_once() {
    assertThat(agreement.reached()).isFalse();
    agreement.offers("old", "new");
    assertThat(agreement.reached()).isTrue();
    agreement.uses("new");
    assertThat(agreement.reached()).isFalse();
  }

  @Test
  void waits_until_every_live_replica_has_read_the_same_and_for_no_other() {
    replica("a", State.LIVE, "old", "new");
    replica("b", State.LIVE, "old", "old");
    replica("c", State.LOST, "old", "old");
    replica("d", State.LEFT, "old", "old");
    agreement.offers("old", "new");
    assertThat(agreement.reached()).isFalse();
    replica("b", State.LIVE, "old", "newer");
    assertThat(agreement.reached()).isFalse();
    replica("b", State.LIVE, "new", "new");
    assertThat(agreement.reached()).isTrue();
  }

  @Test
  void waits_no_longer_than_it_may_for_one_that_never_reads_it() {
    replica("a", State.LIVE, "old", "new");
    replica("b", State.LIVE, "old", "old");
    agreement.offers("old", "new");
    clock.advance(Agreement.PATIENCE.minus(SECOND));
    // A comment was changed: the same revision is read again, and the waiting goes on.
    agreement.offers("old", "new");
    assertThat(agreement.reached()).isFalse();
    clock.advance(SECOND);
    assertThat(agreement.reached()).isTrue();
  }

  @Test
  void another_change_is_waited_for_anew() {
    replica("b", State.LIVE, "old", "old");
    agreement.offers("old", "new");
    clock.advance(Agreement.PATIENCE.minus(SECOND));
    agreement.offers("old", "newer");
    clock.advance(SECOND);
    assertThat(agreement.reached()).isFalse();
  }

  @Test
  void replicas_differ_once_they_have_for_longer_than_a_change_takes() {
    replica("a", State.LIVE, "new", "new");
    replica("b", State.LIVE, "old", "old");
    replica("c", State.LOST, "older", "older");
    assertThat(agreement.differing()).isEmpty();
    clock.advance(Agreement.PATIENCE);
    assertThat(agreement.differing()).isEqualTo(Map.of("a", "new", "b", "old"));
    replica("b", State.LIVE, "new", "new");
    assertThat(agreement.differing()).isEmpty();
    replica("b", State.LIVE, "old", "old");
    assertThat(agreement.differing()).isEmpty();
  }

  @Test
  void one_that_has_read_what_others_have_not_is_a_difference_too() {
    replica("a", State.LIVE, "old", "new");
    replica("b", State.LIVE, "old", "old");
    assertThat(agreement.differing()).isEmpty();
    clock.advance(Agreement.PATIENCE);
    assertThat(agreement.differing()).containsOnlyKeys("a", "b");
  }
}
