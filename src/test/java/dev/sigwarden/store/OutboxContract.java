package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.condition;
import static dev.sigwarden.store.StoreSamples.elsewhere;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.finding;
import static dev.sigwarden.store.StoreSamples.measured;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every database must do with conditions and deliveries.
abstract class OutboxContract extends StoreFixture {
  @Test
  void a_clock_that_is_set_back_makes_no_delivery_wait_for_its_time_to_come_again() {
    store.file(List.of(filing("swf_a", "soc")));
    Pending first = lease("soc").getFirst();
    store.retry(first, clock.instant().plusSeconds(30), "503");
    assertThat(lease("soc")).isEmpty();

    clock.advance(Duration.ofHours(-1));

    Pending again = lease("soc").getFirst();
    assertThat(again.key()).isEqualTo(first.key());
    store.retry(again, clock.instant().plusSeconds(30), "503");
    assertThat(lease("soc")).isEmpty();
    clock.advance(Duration.ofSeconds(30));
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void a_finding_met_again_elsewhere_is_told_once() {
    Finding first = finding("swf_a", Severity.HIGH, 1);
    store.file(List.of(new Filing(first, measured("soc", 5))));
    store.file(List.of(new Filing(elsewhere(first, "other", 7), measured("soc", 5))));
    assertThat(leasedUids("soc")).containsExactly("swf_a");
    assertThat(store.findings(10)).singleElement().extracting(Finding::index).isEqualTo(1L);
  }

  @Test
  void a_finding_that_nobody_was_told_of_hides_none_that_is_the_same_elsewhere() {
    store.file(List.of(new Filing(finding("swf_a", Severity.HIGH, 1), measured("soc", 1))));
    Finding untold = finding("swf_b", Severity.HIGH, 2);
    store.file(List.of(new Filing(untold, measured("soc", 1))));
    store.file(List.of(new Filing(untold, measured("soc", 1))));
    assertThat(leasedUids("soc")).containsExactly("swf_a");
    assertThat(store.untold("rekor", 0, 10)).hasSize(1);

    // In a log that has had its fill as well it stays untold.
    store.file(
        List.of(
            new Filing(
                elsewhere(finding("swf_c", Severity.HIGH, 3), "full", 3), measured("soc", 1))));
    store.file(List.of(new Filing(elsewhere(untold, "full", 4), measured("soc", 1))));
    assertThat(leasedUids("soc")).containsExactly("swf_c");

    Finding again = elsewhere(untold, "other", 7);
    store.file(List.of(new Filing(again, measured("soc", 1))));
    store.file(List.of(new Filing(again, measured("soc", 1))));
    assertThat(lease("soc"))
        .singleElement()
        .satisfies(pending -> {
          assertThat(pending.alert().uid()).isEqualTo("swf_b");
          assertThat(pending.alert().log()).isEqualTo("other");
        });
    assertThat(store.untold("rekor", 0, 10)).isEmpty();
  }

  @Test
  void a_condition_opens_once_resolves_once_and_counts_its_tellings() {
    store.raise(condition("swc_a", Alert.Event.OPENED, "soc"));
    store.raise(condition("swc_a", Alert.Event.OPENED, "soc", "oncall"));
    assertThat(store.openConditions()).extracting(Alert::revision).containsExactly(1);
    Pending opened = lease("soc").getFirst();
    assertThat(opened.openedKey()).isEqualTo(opened.key());
    store.sent(opened, "");
    assertThat(lease("oncall")).isEmpty();

    store.resolve(condition("swc_a", Alert.Event.RESOLVED, "soc"));
    store.resolve(condition("swc_a", Alert.Event.RESOLVED, "soc"));
    assertThat(store.openConditions()).isEmpty();
    Pending resolved = lease("soc").getFirst();
    assertThat(resolved.alert().event()).isEqualTo(Alert.Event.RESOLVED);
    assertThat(resolved.alert().revision()).isEqualTo(2);
    assertThat(resolved.openedKey()).isEqualTo(opened.key());
    store.sent(resolved, "");

    store.raise(condition("swc_a", Alert.Event.OPENED, "soc"));
    Pending again = lease("soc").getFirst();
    assertThat(again.alert().revision()).isEqualTo(3);
    assertThat(again.openedKey()).isEqualTo(again.key()).isNotEqualTo(opened.key());
  }

  @Test
  void a_resolution_says_since_when_the_condition_was_open() {
    Condition opening = condition("swc_a", Alert.Event.OPENED);
    store.raise(opening);
    Alert later =
        StoreSamples.firstSeen(
            condition("swc_a", Alert.Event.RESOLVED).alert(), TestClock.START.plusSeconds(500));
    store.resolve(new Condition(later, List.of("soc")));
    assertThat(lease("soc").getFirst().alert().firstSeen()).isEqualTo(TestClock.START);
  }

  @Test
  void a_delivery_is_leased_to_one_worker_until_the_lease_ends() {
    store.file(List.of(filing("swf_a", "soc")));
    Pending first = store.lease("soc", 10, LEASE, "one").getFirst();
    assertThat(first.key()).matches("[0-9a-f]{64}");
    assertThat(first.openedKey()).isEqualTo(first.key());
    assertThat(first.attempts()).isZero();
    assertThat(first.created()).isEqualTo(TestClock.START);
    assertThat(first.alert()).isEqualTo(finding("swf_a").alert());
    assertThat(store.lease("soc", 10, LEASE, "two")).isEmpty();
    clock.advance(LEASE);
    Pending second = store.lease("soc", 10, LEASE, "two").getFirst();
    assertThat(second.key()).isEqualTo(first.key());
    assertThat(second.owner()).isEqualTo("two");
    // The first worker is too late to give back or give up, but never too late to have delivered.
    store.retry(first, clock.instant(), "late");
    store.dead(first, "late");
    assertThat(store.lease("soc", 10, LEASE, "three")).isEmpty();
    store.sent(first, "ref");
    clock.advance(LEASE);
    assertThat(store.lease("soc", 10, LEASE, "three")).isEmpty();
    assertThat(store.queues().getFirst().sent()).isEqualTo(1);
  }

  @Test
  void what_a_worker_was_never_told_it_leased_is_leased_anew_when_it_asks() {
    store.file(List.of(filing("swf_a", "soc")));
    Pending lost = store.lease("soc", 1, LEASE, "one").getFirst();
    Pending again = store.lease("soc", 1, LEASE, "one").getFirst();
    assertThat(again.key()).isEqualTo(lost.key());
    assertThat(again.attempts()).isZero();
    assertThat(store.lease("soc", 1, LEASE, "two")).isEmpty();
  }

  @Test
  void of_two_workers_that_lease_at_once_none_gets_what_the_other_has() throws Exception {
    store.file(IntStream.range(0, 200).mapToObj(i -> filing("swf_" + i, "soc")).toList());
    List<Pending> all = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    race(() -> drain(all, "one"), () -> drain(all, "two"));
    assertThat(all).extracting(Pending::key).hasSize(200).doesNotHaveDuplicates();
  }

  private boolean drain(List<Pending> all, String owner) {
    List<Pending> leased = store.lease("soc", 7, LEASE, owner);
    while (!leased.isEmpty()) {
      all.addAll(leased);
      leased.forEach(one -> store.sent(one, "ref"));
      leased = store.lease("soc", 7, LEASE, owner);
    }
    return true;
  }

  @Test
  void a_delivery_given_back_is_due_at_its_time_and_counts_its_attempts() {
    store.file(List.of(filing("swf_a", "soc")));
    store.retry(lease("soc").getFirst(), clock.instant().plusSeconds(30), "refused connection");
    assertThat(lease("soc")).isEmpty();
    clock.advance(Duration.ofSeconds(29));
    assertThat(lease("soc")).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(lease("soc")).extracting(Pending::attempts).containsExactly(1);
  }

  @Test
  void released_deliveries_are_due_at_once_and_count_no_attempt() {
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "soc")));
    store.lease("soc", 1, LEASE, "one");
    Pending other = store.lease("soc", 1, LEASE, "two").getFirst();
    store.release("one");
    List<Pending> again = store.lease("soc", 10, LEASE, "three");
    assertThat(again).extracting(Pending::attempts).containsExactly(0);
    assertThat(again.getFirst().key()).isNotEqualTo(other.key());
  }

  @Test
  void entries_that_could_not_be_decoded_wait_behind_all_else_of_their_severity() {
    store.file(
        List.of(
            undecodable("swf_noise", Severity.HIGH),
            new Filing(finding("swf_low", Severity.MEDIUM, 1), List.of("soc"))));
    clock.advance(Duration.ofSeconds(1));
    store.file(List.of(new Filing(finding("swf_sure", Severity.HIGH, 2), List.of("soc"))));
    assertThat(leasedUids("soc")).containsExactly("swf_sure", "swf_noise", "swf_low");
  }

  private static Filing undecodable(String uid, Severity severity) {
    Alert a = finding(uid, severity, 3).alert();
    Alert alert =
        new Alert(
            a.uid(),
            a.revision(),
            a.event(),
            Kind.ENTRY_UNDECODABLE,
            a.severity(),
            a.title(),
            a.why(),
            a.log(),
            a.watch(),
            a.owner(),
            a.runbook(),
            a.firstSeen(),
            a.at(),
            a.who(),
            a.what(),
            a.when(),
            a.where(),
            a.scope(),
            a.check(),
            a.steps());
    return new Filing(new Finding(alert, 0, 3, List.of()), List.of("soc"));
  }

  @Test
  void the_gravest_goes_first_then_the_oldest() {
    store.file(List.of(new Filing(finding("swf_low", Severity.LOW, 1), List.of("soc"))));
    clock.advance(Duration.ofSeconds(1));
    store.file(List.of(new Filing(finding("swf_new", Severity.HIGH, 1), List.of("soc"))));
    clock.advance(Duration.ofSeconds(1));
    store.file(List.of(new Filing(finding("swf_grave", Severity.CRITICAL, 1), List.of("soc"))));
    store.file(List.of(new Filing(finding("swf_last", Severity.HIGH, 1), List.of("soc"))));
    assertThat(leasedUids("soc")).containsExactly("swf_grave", "swf_new", "swf_last", "swf_low");
  }

  @Test
  void a_later_telling_waits_until_the_earlier_one_is_done_at_that_receiver() {
    store.raise(condition("swc_a", Alert.Event.OPENED, "soc", "oncall"));
    store.resolve(condition("swc_a", Alert.Event.RESOLVED, "soc", "oncall"));
    Pending opened = lease("soc").getFirst();
    assertThat(opened.alert().revision()).isEqualTo(1);
    assertThat(lease("soc")).isEmpty();
    store.retry(opened, clock.instant().plusSeconds(60), "down");
    assertThat(lease("soc")).isEmpty();
    Pending onCall = lease("oncall").getFirst();
    store.dead(onCall, "refused");
    assertThat(lease("oncall")).extracting(p -> p.alert().revision()).containsExactly(2);
    clock.advance(Duration.ofMinutes(1));
    store.sent(lease("soc").getFirst(), "");
    assertThat(lease("soc")).extracting(p -> p.alert().revision()).containsExactly(2);
  }

  @Test
  void a_receiver_that_was_not_told_of_the_opening_gets_its_own_key() {
    store.raise(condition("swc_a", Alert.Event.OPENED, "soc"));
    store.resolve(condition("swc_a", Alert.Event.RESOLVED, "oncall"));
    Pending resolved = lease("oncall").getFirst();
    assertThat(resolved.openedKey()).isEqualTo(resolved.key());
  }

  @Test
  void shows_every_queue_with_its_oldest_waiting() {
    assertThat(store.queues()).isEmpty();
    store.file(List.of(filing("swf_a", "a"), filing("swf_b", "a"), filing("swf_c", "a", "b")));
    List<Pending> leased = lease("a");
    store.sent(leased.get(0), "ref");
    store.dead(leased.get(1), "refused");
    store.sent(lease("b").getFirst(), "x".repeat(10_000));
    clock.advance(Duration.ofHours(1));
    assertThat(store.queues())
        .containsExactly(
            new QueueState("a", 1, 1, 1, 0, Optional.of(TestClock.START)),
            new QueueState("b", 0, 1, 0, 0, Optional.empty()));
  }

  @Test
  void old_deliveries_are_forgotten_and_still_counted_and_the_rest_stays() {
    store.file(List.of(filing("swf_a", "soc", "oncall"), filing("swf_b", "soc")));
    List<Pending> leased = lease("soc");
    store.sent(leased.get(0), "ref");
    store.dead(leased.get(1), "refused");
    List<QueueState> before = store.queues();
    clock.advance(Duration.ofDays(10));

    assertThat(store.forgetSent(clock.instant().minus(Duration.ofDays(10)), 10)).isZero();
    assertThat(store.forgetSent(clock.instant().minus(Duration.ofDays(9)), 10)).isEqualTo(1);
    assertThat(store.forgetSent(clock.instant(), 10)).isZero();

    // What waits and what was given up is no delivery that was made.
    assertThat(store.queues()).isEqualTo(before);
    assertThat(store.findings(10)).hasSize(2).allSatisfy(f -> assertThat(f.evidence()).hasSize(2));
    assertThat(leasedUids("oncall")).containsExactly("swf_a");
    // A finding that is known is not told again, however long ago its delivery was forgotten.
    store.file(List.of(filing("swf_a", "soc")));
    assertThat(leasedUids("soc")).isEmpty();
  }

  @Test
  void a_receiver_whose_deliveries_are_all_forgotten_is_still_shown() {
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "soc"), filing("swf_c", "soc")));
    lease("soc").forEach(pending -> store.sent(pending, ""));
    clock.advance(Duration.ofDays(1));
    assertThat(store.forgetSent(clock.instant(), 2)).isEqualTo(2);
    assertThat(store.forgetSent(clock.instant(), 2)).isEqualTo(1);
    reopen();
    assertThat(store.queues()).containsExactly(new QueueState("soc", 0, 3, 0, 0, Optional.empty()));
  }

  @Test
  void the_opening_of_a_condition_that_still_holds_is_not_forgotten() {
    store.raise(condition("swc_a", Alert.Event.OPENED, "soc"));
    Pending opened = lease("soc").getFirst();
    store.sent(opened, "");
    clock.advance(Duration.ofDays(1));
    assertThat(store.forgetSent(clock.instant(), 10)).isZero();

    store.resolve(condition("swc_a", Alert.Event.RESOLVED, "soc"));
    assertThat(store.forgetSent(clock.instant(), 10)).isEqualTo(1);
    assertThat(lease("soc")).extracting(Pending::openedKey).containsExactly(opened.key());
  }

  @Test
  void findings_beyond_the_bound_of_their_hour_are_kept_and_counted_and_not_delivered() {
    for (int i = 0; i < 5; i++) {
      store.file(List.of(bounded("swf_" + i, TestClock.START.plusSeconds(i), 3)));
    }
    assertThat(leasedUids("soc")).containsExactlyInAnyOrder("swf_0", "swf_1", "swf_2");
    assertThat(store.findings(10)).hasSize(5).allSatisfy(f -> assertThat(f.evidence()).hasSize(2));
    assertThat(store.untold("rekor", 0, 10))
        .hasSize(1)
        .first()
        .satisfies(untold -> {
          assertThat(untold.index()).isEqualTo(17);
          assertThat(untold.watch()).isEqualTo("acme-release");
          assertThat(untold.kind()).isEqualTo(Kind.UNEXPECTED_SIGNATURE.label());
        });
    // The next hour has its own, and what has no bound is always told.
    store.file(List.of(bounded("swf_next", TestClock.START.plus(Duration.ofHours(1)), 3)));
    store.file(List.of(filing("swf_always", "soc")));
    assertThat(leasedUids("soc")).containsExactlyInAnyOrder("swf_next", "swf_always");
  }

  private static Filing bounded(String uid, Instant seen, int perHour) {
    Finding sample = finding(uid);
    Alert alert = StoreSamples.firstSeen(sample.alert(), seen);
    return new Filing(
        new Finding(alert, 0, sample.index(), sample.evidence()), measured("soc", perHour));
  }

  @Test
  void untold_entries_are_summed_by_the_time_they_were_written_down() {
    assertThat(store.untoldSum("rekor", TestClock.START)).isEmpty();
    for (int i = 0; i < 4; i++) {
      store.file(List.of(bounded("swf_" + i, TestClock.START, 1)));
    }
    assertThat(store.untoldSum("rekor", TestClock.START))
        .contains(new Untold.Sum(1, 17, 17, TestClock.START));
    assertThat(store.untoldSum("rekor", TestClock.START.plusMillis(1))).isEmpty();
    assertThat(store.untoldSum("other", TestClock.START)).isEmpty();
  }
}
