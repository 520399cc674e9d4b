package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.finding;
import static dev.sigwarden.store.StoreSamples.head;
import static dev.sigwarden.store.StoreSamples.observation;
import static dev.sigwarden.store.StoreSamples.position;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What every database must do with logs, observations and findings.
abstract class StoreContract extends StoreFixture {
  @Test
  void knows_nothing_of_a_log_before_it_begins() {
    assertThat(store.views("rekor")).isEmpty();
    assertThat(store.identity("rekor")).isEmpty();
    assertThat(store.history("rekor", 0, 10)).isEmpty();
    assertThatThrownBy(() -> store.commit(commit(0, 1, List.of(), List.of())))
        .isInstanceOf(StaleStateException.class)
        .hasMessageContaining("no such view");
    assertThatThrownBy(() -> store.branch("rekor", view(1, 5, 0), List.of()))
        .isInstanceOf(StaleStateException.class);
    assertThatThrownBy(() -> store.head("rekor", 0, head(0), head(1)))
        .isInstanceOf(StaleStateException.class);
  }

  @Test
  void returns_the_views_as_they_were_written_after_a_restart() throws Exception {
    store.begin("rekor", "rekor.example+1", view(0, 100, 63));
    View branch = new View(1, head("other", 90), position("other", 7));
    store.branch("rekor", branch, List.of(filing("swf_fork", "soc")));
    reopen();
    assertThat(store.views("rekor")).containsExactly(view(0, 100, 63), branch);
    assertThat(store.identity("rekor")).contains("rekor.example+1");
    assertThat(store.finding("swf_fork")).isPresent();
    assertThat(leasedUids("soc")).containsExactly("swf_fork");
  }

  @Test
  void remembers_the_logs_of_a_family_in_order_with_where_each_begins() {
    Instant seen = Instant.parse("2026-01-02T03:04:05Z");
    Member first = new Member("1", "a.example - 1", OptionalLong.empty(), List.of(), seen);
    Member second = new Member("2", "a.example - 2", OptionalLong.of(0), List.of("a", "b"), seen);
    store.families().enrol("family", List.of(first), List.of());
    store.families().enrol("family", List.of(second), List.of(filing("swf_new", "soc")));
    store
        .families()
        .enrol(
            "family",
            List.of(new Member("1", "x", OptionalLong.of(9), List.of(), seen)),
            List.of());
    reopen();
    assertThat(store.families().members("family")).containsExactly(first, second);
    assertThat(store.families().members("other")).isEmpty();
    assertThat(store.finding("swf_new")).isPresent();
  }

  @Test
  void remembers_other_keys_of_a_member_with_the_finding_that_tells_of_them() {
    Instant seen = Instant.parse("2026-01-02T03:04:05Z");
    Member one = new Member("1", "a.example", OptionalLong.empty(), List.of("a", "b"), seen);
    Member two = new Member("2", "b.example", OptionalLong.empty(), List.of("c"), seen);
    store.families().enrol("family", List.of(one, two), List.of());
    Member changed = new Member("1", "a.example", OptionalLong.empty(), List.of("b", "d"), seen);
    store.families().enrol("family", List.of(changed), List.of(filing("swf_keys", "soc")));
    reopen();
    assertThat(store.families().members("family"))
        .extracting(Member::keys)
        .containsExactly(List.of("b", "d"), List.of("c"));
    assertThat(store.finding("swf_keys")).isPresent();
  }

  @Test
  void keeps_the_list_of_a_family_for_the_address_that_it_was_had_from() {
    store.families().keepList("family", "https://a.example/list", new byte[] {1});
    store.families().keepList("family", "https://a.example/list", new byte[] {2, 3});
    store.families().keepList("other", "https://a.example/list", new byte[] {4});
    reopen();
    assertThat(store.families().list("family", "https://a.example/list"))
        .hasValueSatisfying(list -> assertThat(list).containsExactly(2, 3));
    assertThat(store.families().list("family", "https://b.example/list")).isEmpty();
    store.families().keepList("family", "https://b.example/list", new byte[] {5});
    assertThat(store.families().list("family", "https://a.example/list")).isEmpty();
  }

  @Test
  void begins_a_log_once() throws Exception {
    begin(10);
    assertThatThrownBy(() -> begin(12)).isInstanceOf(StaleStateException.class);
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 0));
  }

  @Test
  void refuses_a_name_that_was_another_log_before() throws Exception {
    begin(10);
    assertThatThrownBy(() -> store.begin("rekor", "evil.example+2", view(0, 1, 0)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("rekor.example+1")
        .hasMessageContaining("evil.example+2")
        .hasMessageContaining("choose a new name");
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 0));
  }

  @Test
  void a_branch_number_is_used_once_and_its_findings_with_it() throws Exception {
    begin(10);
    store.branch("rekor", view(1, 5, 0), List.of());
    assertThatThrownBy(() -> store.branch("rekor", view(1, 6, 0), List.of(filing("swf_a", "soc"))))
        .isInstanceOf(StaleStateException.class);
    assertThat(store.finding("swf_a")).isEmpty();
    assertThat(leasedUids("soc")).isEmpty();
  }

  @Test
  void replaces_a_head_only_if_it_is_the_known_one() throws Exception {
    begin(10);
    store.head("rekor", 0, head(10), head(20));
    assertThatThrownBy(() -> store.head("rekor", 0, head(10), head(30)))
        .isInstanceOf(StaleStateException.class)
        .hasMessageContaining("head 20");
    assertThatThrownBy(() -> store.head("rekor", 0, head("other", 20), head(30)))
        .isInstanceOf(StaleStateException.class);
    assertThat(store.views("rekor")).containsExactly(view(0, 20, 0));
    assertThat(store.history("rekor", 0, 10)).containsExactly(head(20), head(10));
    assertThat(store.history("rekor", 0, 1)).containsExactly(head(20));
  }

  @Test
  void a_new_note_for_the_same_head_is_the_newest_and_the_history_keeps_the_first()
      throws Exception {
    begin(10);
    SeenHead again = new SeenHead(head(10).head(), "cosigned\n", TestClock.START.plusSeconds(99));
    store.head("rekor", 0, head(10), again);
    assertThat(store.views("rekor").getFirst().head()).isEqualTo(again);
    assertThat(store.history("rekor", 0, 10)).containsExactly(head(10));
  }

  @Test
  void refuses_a_head_or_position_that_goes_back_or_rewrites() throws Exception {
    begin(10);
    assertThatThrownBy(() -> store.head("rekor", 0, head(10), head(9)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.head("rekor", 0, head(10), head("other", 10)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.commit(commit(5, 4, List.of(), List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void commits_position_observations_findings_evidence_and_deliveries_together() throws Exception {
    begin(10);
    Verdict verdict = new Verdict.Unexpected("not on allowlist");
    store.commit(
        commit(
            0,
            7,
            List.of(observation(3, "acme", verdict)),
            List.of(filing("swf_a", "soc", "oncall"))));
    reopen();
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 7));
    assertThat(store.observations("acme", TestClock.START)).isEqualTo(1);
    Finding stored = store.finding("swf_a").orElseThrow();
    assertThat(stored.alert()).isEqualTo(finding("swf_a").alert());
    assertThat(stored.index()).isEqualTo(17);
    assertThat(stored.branch()).isZero();
    assertThat(stored.evidence())
        .extracting(Evidence::name)
        .containsExactly("entry.bin", "checkpoint.note");
    assertThat(stored.evidence().getFirst().toBytes()).containsExactly(1, 2, 3, 0, -1);
    assertThat(leasedUids("soc")).containsExactly("swf_a");
    assertThat(leasedUids("oncall")).containsExactly("swf_a");
  }

  @Test
  void a_commit_from_another_position_changes_nothing() throws Exception {
    begin(10);
    store.commit(commit(0, 4, List.of(), List.of()));
    Verdict verdict = new Verdict.Expected("allowed");
    assertThatThrownBy(() ->
            store.commit(
                commit(
                    0,
                    6,
                    List.of(observation(5, "acme", verdict)),
                    List.of(filing("swf_a", "soc")))))
        .isInstanceOf(StaleStateException.class)
        .hasMessageContaining("position 4");
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 4));
    assertThat(store.observations("acme", TestClock.START)).isZero();
    assertThat(store.findings(10)).isEmpty();
    assertThat(leasedUids("soc")).isEmpty();
  }

  @Test
  void a_position_never_passes_the_newest_head() throws Exception {
    begin(10);
    assertThatThrownBy(() -> store.commit(commit(0, 11, List.of(), List.of())))
        .isInstanceOf(StaleStateException.class);
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 0));
  }

  @Test
  void a_commit_that_fails_half_way_leaves_nothing() throws Exception {
    begin(10);
    // The second observation belongs to a view that does not exist: the database refuses it after
    // the position and the first observation were written.
    Observation good = observation(3, "acme", new Verdict.Expected("allowed"));
    Observation orphan =
        new Observation(
            "rekor",
            9,
            4,
            good.leaf(),
            good.observer(),
            good.verdict(),
            "x",
            good.entry(),
            clock.instant(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    assertThatThrownBy(() ->
            store.commit(commit(0, 7, List.of(good, orphan), List.of(filing("swf_a", "soc")))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("commit of rekor");
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 0));
    assertThat(store.observations("acme", TestClock.START)).isZero();
    assertThat(store.findings(10)).isEmpty();
    store.commit(commit(0, 7, List.of(good), List.of(filing("swf_a", "soc"))));
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 7));
  }

  @Test
  void of_two_commits_from_one_position_exactly_one_wins() throws Exception {
    begin(1_000);
    for (int round = 0; round < 25; round++) {
      int from = round * 3;
      List<Boolean> won =
          race(
              () -> tryCommit(commit(from, from + 3, List.of(), List.of(filing("swf_" + from)))),
              () -> tryCommit(commit(from, from + 3, List.of(), List.of(filing("swf_" + from)))));
      assertThat(won).containsExactlyInAnyOrder(true, false);
    }
    assertThat(store.views("rekor")).containsExactly(view(0, 1_000, 75));
    assertThat(store.findings(100)).hasSize(25);
  }

  private boolean tryCommit(Commit commit) {
    try {
      store.commit(commit);
      return true;
    } catch (StaleStateException e) {
      return false;
    }
  }

  @Test
  void a_finding_that_is_known_is_not_written_or_told_again() throws Exception {
    store.file(List.of(filing("swf_a", "soc")));
    store.sent(lease("soc").getFirst(), "ref");
    clock.advance(Duration.ofHours(1));
    store.file(List.of(new Filing(finding("swf_a", Severity.LOW, 18), List.of("soc", "oncall"))));
    assertThat(store.findings(10)).hasSize(1);
    assertThat(store.finding("swf_a").orElseThrow().alert().severity()).isEqualTo(Severity.HIGH);
    assertThat(leasedUids("soc")).isEmpty();
    assertThat(leasedUids("oncall")).isEmpty();
  }

  @Test
  void lists_findings_newest_first_and_bounded() {
    for (int i = 0; i < 5; i++) {
      Alert sample = finding("swf_" + i).alert();
      Alert alert = StoreSamples.firstSeen(sample, TestClock.START.plusSeconds(i));
      store.file(List.of(new Filing(new Finding(alert, 0, i, List.of()), List.of())));
    }
    assertThat(store.findings(3))
        .extracting(found -> found.alert().uid())
        .containsExactly("swf_4", "swf_3", "swf_2");
    assertThat(store.finding("swf_none")).isEmpty();
  }

  @Test
  void suspects_survive_a_restart_until_they_are_told() throws Exception {
    begin(10);
    store.suspect("rekor", head("other", 5));
    store.suspect("rekor", head("third", 3));
    store.suspect("rekor", head("other", 5));
    reopen();
    assertThat(store.suspects("rekor")).containsExactly(head("third", 3), head("other", 5));
    store.unsuspect("rekor", head("third", 3).head(), List.of());
    store.unsuspect("rekor", head("other", 5).head(), List.of(filing("swf_back", "soc")));
    reopen();
    assertThat(store.suspects("rekor")).isEmpty();
    assertThat(leasedUids("soc")).containsExactly("swf_back");
  }

  @Test
  void states_that_last_survive_a_restart_until_they_end() {
    store.lasts("never-met", "FAILING", new Lasting(TestClock.START, 0));
    store.lasts("never-met", "BACKLOG", new Lasting(TestClock.START, 7));
    store.lasts("never-met", "BACKLOG", new Lasting(TestClock.START.plusSeconds(1), 6));
    reopen();
    assertThat(store.lasting("never-met"))
        .containsOnly(
            Map.entry("FAILING", new Lasting(TestClock.START, 0)),
            Map.entry("BACKLOG", new Lasting(TestClock.START.plusSeconds(1), 6)));
    store.lastsNoMore("never-met", "FAILING");
    store.lastsNoMore("never-met", "FAILING");
    reopen();
    assertThat(store.lasting("never-met")).containsOnlyKeys("BACKLOG");
    assertThat(store.lasting("other")).isEmpty();
  }

  @Test
  void evidence_that_findings_share_is_kept_for_each() {
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "soc")));
    reopen();
    for (String uid : List.of("swf_a", "swf_b")) {
      assertThat(store.finding(uid).orElseThrow().evidence())
          .extracting(Evidence::name, piece -> piece.toBytes().length, Evidence::length)
          .containsExactly(tuple("entry.bin", 5, 5), tuple("checkpoint.note", 5, 5));
    }
  }

  @Test
  void the_history_of_heads_is_bounded_and_keeps_the_first_and_the_newest() throws Exception {
    begin(1);
    int heads = Views.MAX_HISTORY * 2;
    SeenHead known = head(1);
    for (int size = 2; size <= heads; size++) {
      SeenHead next =
          new SeenHead(new TreeHead(size, head(1).head().root()), "note " + size, clock.instant());
      store.head("rekor", 0, known, next);
      known = next;
    }
    List<Long> sizes =
        store.history("rekor", 0, heads).stream().map(seen -> seen.head().size()).toList();
    assertThat(sizes)
        .hasSizeLessThanOrEqualTo(Views.MAX_HISTORY)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(sizes).hasSizeGreaterThan(Views.MAX_HISTORY / 2).contains(1L, (long) heads);
    List<Long> newest = sizes.subList(0, 200);
    assertThat(newest.getFirst() - newest.getLast()).isEqualTo(199);
  }

  @Test
  void the_history_of_heads_is_bounded_in_characters() throws Exception {
    begin(1);
    String note = "n".repeat(1 << 20);
    SeenHead known = head(1);
    for (int size = 2; size <= 60; size++) {
      SeenHead next =
          new SeenHead(new TreeHead(size, head(1).head().root()), note, clock.instant());
      store.head("rekor", 0, known, next);
      known = next;
    }
    long kept =
        store.history("rekor", 0, 100).stream().mapToLong(seen -> seen.note().length()).sum();
    assertThat(kept).isBetween(Views.MAX_HISTORY_CHARS / 2, Views.MAX_HISTORY_CHARS);
  }

  @Test
  void keeps_hostile_text_as_it_is_but_for_nul_which_is_shown() throws Exception {
    String text = "'; DROP TABLE outbox; -- \u0000 \uD83D\uDE00 %s ${bytes} ?";
    store.begin(text, text, view(0, 1, 0));
    assertThat(store.identity(text)).contains(text.replace('\u0000', '\u2400'));
    assertThat(store.views(text)).hasSize(1);
    assertThat(store.observations(text, TestClock.START)).isZero();
  }

  @Test
  void an_interrupted_caller_still_learns_how_its_write_ended() throws Exception {
    begin(10);
    Thread.currentThread().interrupt();
    store.commit(commit(0, 4, List.of(), List.of()));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 4));
  }

  @Test
  void refuses_to_work_after_it_was_closed() {
    store.close();
    assertThatThrownBy(() -> store.findings(1))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> store.file(List.of(filing("swf_a"))))
        .isInstanceOf(StoreException.class);
    store = open();
  }
}
