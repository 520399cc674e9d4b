package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.observation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What any database must do with observations; subclasses open it.
abstract class ObservationsContract extends StoreFixture {
  @Test
  void an_identity_is_known_over_logs_and_watches_by_each_entry_once() throws Exception {
    begin(10);
    Hash signer = Hash.ofLeaf(new byte[] {7});
    store.commit(
        commit(
            0,
            5,
            List.of(
                by(observation(1, "a", new Verdict.Expected("ok")), signer),
                by(observation(1, "b", new Verdict.Expected("ok")), signer),
                by(
                    observation(
                        2, "a", new Verdict.Expected("ok"), TestClock.START.plusSeconds(60)),
                    signer),
                observation(3, "a", new Verdict.Expected("ok"))),
            List.of()));
    assertThat(store.sightings(signer, TestClock.START))
        .isEqualTo(new Sightings(2, Optional.of(TestClock.START)));
    assertThat(store.sightings(signer, TestClock.START.plusSeconds(1)).entries()).isEqualTo(1);
    assertThat(store.sightings(Hash.ofLeaf(new byte[0]), TestClock.START))
        .isEqualTo(new Sightings(0, Optional.empty()));
  }

  private static Observation by(Observation o, Hash signer) {
    return new Observation(
        o.log(),
        o.branch(),
        o.index(),
        o.leaf(),
        o.observer(),
        o.verdict(),
        o.format(),
        o.entry(),
        o.firstSeen(),
        o.loggedAt(),
        o.certificate(),
        Optional.of(signer),
        o.artifacts());
  }

  @Test
  void keeps_pending_observations_by_the_end_of_their_grace_and_settles_each_once()
      throws Exception {
    begin(10);
    Instant grace = TestClock.START.plusSeconds(900);
    Observation late = observation(1, "acme", new Verdict.Pending(grace.plusSeconds(1), "wait"));
    Observation early = observation(2, "acme", new Verdict.Pending(grace, "wait"));
    Observation done = observation(3, "acme", new Verdict.Expected("allowed"));
    store.commit(commit(0, 4, List.of(late, early, done), List.of()));
    Instant end = grace.plusSeconds(1);
    assertThat(store.due(grace.minusMillis(1), 10)).isEmpty();
    assertThat(store.due(grace, 10)).containsExactly(early.key());
    assertThat(store.due(end, 10)).containsExactly(early.key(), late.key());
    assertThat(store.due(end, 1)).containsExactly(early.key());
    Observation found = store.pending(early.key()).orElseThrow();
    assertThat(store.pending(done.key())).isEmpty();
    assertThat(found.entry().toBytes()).containsExactly(9, 8, 2);
    assertThat(found.leaf()).isEqualTo(early.leaf());
    assertThat(found.verdict()).isEqualTo(early.verdict());
    assertThat(found.firstSeen()).isEqualTo(TestClock.START);

    Observation settled = observation(2, "acme", new Verdict.Unexpected("grace is over"));
    store.settle(settled, List.of(), List.of(filing("swf_a", "soc")));
    store.settle(settled, List.of(), List.of(filing("swf_b", "soc")));
    assertThat(store.due(end, 10)).containsExactly(late.key());
    assertThat(store.pending(early.key())).isEmpty();
    assertThat(store.findings(10)).extracting(f -> f.alert().uid()).containsExactly("swf_a");
  }

  @Test
  void counts_entries_about_one_certificate_once_and_keeps_each_of_them() throws Exception {
    begin(10);
    Verdict told = new Verdict.Unexpected("nobody asked for it");
    Hash one = Hash.ofLeaf(new byte[] {1});
    Hash other = Hash.ofLeaf(new byte[] {2});
    Verdict wait = new Verdict.Pending(TestClock.START, "wait");
    store.commit(
        commit(
            0,
            6,
            List.of(
                StoreSamples.ofCertificate(observation(1, "acme", told), one),
                StoreSamples.ofCertificate(observation(2, "acme", told), one),
                StoreSamples.ofCertificate(observation(3, "acme", told), other),
                StoreSamples.ofCertificate(observation(4, "acme", wait), one),
                observation(5, "acme", told)),
            List.of()));
    assertThat(store.verdicts("acme")).isEqualTo(Map.of("unexpected", 3L, "pending", 1L));
    assertThat(store.observations("acme", TestClock.START)).isEqualTo(3);
    assertThat(store.pending(Optional.empty(), 10)).hasSize(1);
    ObservationKey key = store.pending(Optional.empty(), 10).getFirst();
    assertThat(store.pending(key).orElseThrow().certificate()).contains(one);
  }

  @Test
  void pages_through_pending_observations_by_key() throws Exception {
    begin(10);
    Verdict wait = new Verdict.Pending(TestClock.START, "wait");
    List<Observation> all =
        List.of(
            observation(1, "acme", wait),
            observation(1, "other", wait),
            observation(2, "acme", wait),
            observation(10, "acme", wait));
    store.commit(commit(0, 4, all.reversed(), List.of()));
    assertThat(store.pending(Optional.empty(), 10))
        .containsExactlyElementsOf(all.stream().map(Observation::key).toList());
    assertThat(store.pending(Optional.empty(), 2))
        .containsExactly(all.get(0).key(), all.get(1).key());
    assertThat(store.pending(Optional.of(all.get(1).key()), 10))
        .containsExactly(all.get(2).key(), all.get(3).key());
    assertThat(store.pending(Optional.of(all.get(3).key()), 10)).isEmpty();
  }

  @Test
  void settling_writes_other_watches_observations_with_it_and_keeps_known_ones() throws Exception {
    begin(10);
    Verdict wait = new Verdict.Pending(TestClock.START, "wait");
    Verdict longer = new Verdict.Pending(TestClock.START.plusSeconds(60), "wait longer");
    Observation old = observation(1, "old", wait);
    Observation known = observation(1, "known", new Verdict.Expected("said before"));
    store.commit(commit(0, 4, List.of(old, known), List.of()));
    Verdict unexpected = new Verdict.Unexpected("no");
    store.settle(
        old.withVerdict(longer),
        List.of(old.withObserver(StoreSamples.observer("new")), known.withVerdict(unexpected)),
        List.of());
    assertThat(store.pending(old.key()).orElseThrow().verdict()).isEqualTo(longer);
    assertThat(store.due(TestClock.START, 10))
        .containsExactly(old.withObserver(StoreSamples.observer("new")).key());
    assertThat(store.verdicts("known")).isEqualTo(Map.of("expected", 1L));

    store.settle(old.withVerdict(unexpected), List.of(), List.of());
    store.settle(
        old.withVerdict(longer),
        List.of(old.withObserver(StoreSamples.observer("late"))),
        List.of());
    assertThat(store.verdicts("old")).isEqualTo(Map.of("unexpected", 1L));
    assertThat(store.verdicts("late")).isEmpty();
  }

  @Test
  void of_two_settlements_exactly_one_files_its_finding() throws Exception {
    begin(10);
    Verdict pending = new Verdict.Pending(TestClock.START, "wait");
    store.commit(commit(0, 4, List.of(observation(2, "acme", pending)), List.of()));
    Observation settled = observation(2, "acme", new Verdict.Unexpected("grace is over"));
    List<Boolean> ran =
        race(
            () -> {
              store.settle(settled, List.of(), List.of(filing("swf_a", "soc")));
              return true;
            },
            () -> {
              store.settle(settled, List.of(), List.of(filing("swf_b", "soc")));
              return true;
            });
    assertThat(ran).containsExactly(true, true);
    assertThat(store.findings(10)).hasSize(1);
  }

  @Test
  void an_observation_that_is_known_keeps_its_verdict_and_time() throws Exception {
    begin(10);
    Verdict first = new Verdict.Pending(TestClock.START.plusSeconds(9), "wait");
    store.commit(commit(0, 1, List.of(observation(2, "acme", first)), List.of()));
    Observation again =
        observation(2, "acme", new Verdict.Expected("x"), TestClock.START.plusSeconds(5));
    store.commit(commit(1, 2, List.of(again), List.of()));
    assertThat(store.pending(again.key()).orElseThrow().verdict()).isEqualTo(first);
    assertThat(store.observations("acme", TestClock.START.plusSeconds(1))).isZero();
    assertThat(store.observations("acme", TestClock.START)).isEqualTo(1);
    assertThat(store.observations("other", TestClock.START)).isZero();
  }

  @Test
  void keeps_times_that_no_clock_can_show() throws Exception {
    begin(10);
    Verdict never = new Verdict.Pending(Instant.MAX, "wait");
    Verdict soon = new Verdict.Pending(TestClock.START, "wait");
    store.commit(
        commit(
            0,
            3,
            List.of(observation(1, "acme", never, Instant.MIN), observation(2, "acme", soon)),
            List.of()));
    assertThat(store.due(Instant.MAX, 10))
        .extracting(ObservationKey::index)
        .containsExactly(2L, 1L);
    assertThat(store.observations("acme", Instant.MIN)).isEqualTo(2);
  }
}
