package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.observer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.ExpectedEntry;
import dev.sigwarden.watch.Submission;
import dev.sigwarden.watch.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every database must do with entries that have to appear.
abstract class ExpectedEntriesContract extends StoreFixture {
  private static final String LINE = "sha256:" + "ab".repeat(32);
  private static final String OTHER = "sha256:" + "cd".repeat(32);
  private static final Instant DUE = TestClock.START.plusSeconds(60);
  private static final Deed DEED =
      new Deed("token:ci", "release", "192.0.2.1", "test", "acme", "why", "what");

  private ExpectedEntries expected() {
    return store.desk().expected();
  }

  private List<ExpectedEntry> due() {
    return expected().due(DUE.plusSeconds(1_000), Optional.empty(), 100).stream()
        .map(DueEntry::entry)
        .toList();
  }

  private static ExpectedEntry entry(String line, String log, Instant due) {
    return new ExpectedEntry(line, log, due);
  }

  private void handIn(boolean again, ExpectedEntry entry) {
    var _ =
        store
            .desk()
            .allow(
                "acme",
                new Submission(Map.of(entry.line(), ""), List.of(entry)),
                DEED,
                again,
                List.of());
  }

  @Test
  void what_a_file_says_now_counts_and_nothing_that_it_said_before() {
    expected().level("acme", List.of(entry(LINE, "", DUE), entry(OTHER, "rekor", DUE)));
    expected().level("other", List.of(entry(LINE, "", DUE)));
    reopen();
    assertThat(due()).hasSize(3);
    expected().level("acme", List.of(entry(LINE, "", DUE.plusSeconds(5))));
    expected().level("other", List.of());
    assertThat(due()).containsExactly(entry(LINE, "", DUE.plusSeconds(5)));
  }

  @Test
  void of_two_times_for_one_entry_the_earlier_counts() {
    expected().level("acme", List.of(entry(LINE, "", DUE.plusSeconds(5)), entry(LINE, "", DUE)));
    handIn(false, entry(OTHER, "", DUE));
    handIn(false, entry(OTHER, "", DUE.plusSeconds(9)));
    assertThat(due()).containsExactlyInAnyOrder(entry(LINE, "", DUE), entry(OTHER, "", DUE));
    handIn(false, entry(OTHER, "", DUE.minusSeconds(9)));
    assertThat(due()).contains(entry(OTHER, "", DUE.minusSeconds(9))).hasSize(2);
  }

  @Test
  void revoked_line_expects_nothing_and_a_line_that_stays_revoked_neither() {
    handIn(false, entry(LINE, "", DUE));
    assertThat(store.desk().revoke("acme", List.of(LINE), DEED, List.of())).isEqualTo(1);
    assertThat(due()).isEmpty();
    handIn(false, entry(LINE, "", DUE));
    assertThat(due()).isEmpty();
    handIn(true, entry(LINE, "", DUE));
    assertThat(due()).hasSize(1);
    assertThat(expected().count("acme")).isEqualTo(1);
  }

  @Test
  void pages_begin_with_the_earliest_and_what_is_not_due_is_in_none() {
    for (int i = 0; i < 5; i++) {
      handIn(false, entry("sha256:%064x".formatted(i), "", DUE.plusSeconds(i % 3)));
    }
    List<DueEntry> first = expected().due(DUE.plusSeconds(1), Optional.empty(), 3);
    List<DueEntry> rest = expected().due(DUE.plusSeconds(1), Optional.of(first.getLast()), 3);
    assertThat(first).hasSize(3);
    assertThat(rest).hasSize(1).doesNotContainAnyElementsOf(first);
    assertThat(first).extracting(it -> it.entry().due()).isSorted();
    assertThat(expected().newestDue(DUE.plusSeconds(1))).contains(DUE.plusSeconds(1));
    assertThat(expected().newestDue(DUE.minusSeconds(1))).isEmpty();
  }

  @Test
  void finding_is_filed_once_and_by_one_of_two_who_look_at_the_same_time() throws Exception {
    handIn(false, entry(LINE, "", DUE));
    DueEntry waiting = expected().due(DUE, Optional.empty(), 1).getFirst();
    List<Boolean> won =
        race(
            () -> expected().missing(waiting, filing("swf_one", "soc")),
            () -> expected().missing(waiting, filing("swf_one", "soc")));
    assertThat(won).containsExactlyInAnyOrder(true, false);
    assertThat(leasedUids("soc")).containsExactly("swf_one");
    assertThat(due()).isEmpty();
    handIn(false, entry(LINE, "", DUE));
    assertThat(due()).isEmpty();
  }

  @Test
  void entry_that_was_met_is_missed_by_nobody() {
    handIn(false, entry(LINE, "", DUE));
    DueEntry waiting = expected().due(DUE, Optional.empty(), 1).getFirst();
    expected().met(waiting);
    assertThat(expected().missing(waiting, filing("swf_one", "soc"))).isFalse();
    assertThat(store.finding("swf_one")).isEmpty();
  }

  @Test
  void late_entry_is_told_once_to_whoever_was_told_that_it_is_missing() throws StaleStateException {
    handIn(false, entry(LINE, "", DUE));
    DueEntry waiting = expected().due(DUE, Optional.empty(), 1).getFirst();
    expected().missing(waiting, filing("swf_one", "soc"));
    assertThat(expected().appeared(10)).isEmpty();
    observe();
    DueEntry missing = expected().appeared(10).getFirst();
    assertThat(missing.uid()).isEqualTo("swf_one");
    Act act =
        new Act(clock.instant(), "sigwarden", Act.Action.COMMENTED, Optional.empty(), "there");
    lease("soc").forEach(one -> store.sent(one, ""));
    expected().late(missing, act);
    expected().late(missing, act);
    assertThat(lease("soc"))
        .extracting(it -> it.alert().event())
        .containsExactly(Alert.Event.UPDATED);
    assertThat(store.lifecycle().history("swf_one")).containsExactly(act);
    assertThat(expected().appeared(10)).isEmpty();
  }

  private void observe() throws StaleStateException {
    begin(3);
    byte[] bytes = {1, 2, 3};
    store.commit(
        StoreSamples.commit(
            0,
            3,
            List.of(
                new Observation(
                    "rekor",
                    0,
                    1,
                    Hash.ofLeaf(bytes),
                    observer("acme-release"),
                    new Verdict.Expected("on the list"),
                    "raw",
                    EntryBytes.of(bytes),
                    clock.instant(),
                    Optional.empty(),
                    Optional.of(Hash.ofData(bytes)),
                    Optional.empty(),
                    List.of(LINE))),
            List.of()));
  }

  @Test
  void observations_are_found_by_artifact_and_by_certificate() throws StaleStateException {
    observe();
    ObservationKey key = new ObservationKey("rekor", 0, 1, "acme-release");
    String tbs = "tbs:" + Hash.ofData(new byte[] {1, 2, 3}).toHex();
    assertThat(expected().observations(LINE, Optional.empty(), 10)).containsExactly(key);
    assertThat(expected().observations(LINE, Optional.of(key), 10)).isEmpty();
    assertThat(expected().observations(OTHER, Optional.empty(), 10)).isEmpty();
    assertThat(expected().observations(tbs, Optional.empty(), 10)).containsExactly(key);
    assertThat(expected().observation(key).orElseThrow().verdict())
        .isEqualTo(new Verdict.Expected("on the list"));
  }

  @Test
  void reading_of_a_log_never_goes_back() {
    expected().read("rekor", DUE);
    expected().read("rekor", DUE.minusSeconds(5));
    expected().read("other", DUE.plusSeconds(5));
    reopen();
    assertThat(expected().readings()).isEqualTo(Map.of("rekor", DUE, "other", DUE.plusSeconds(5)));
  }
}
