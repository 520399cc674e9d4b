package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.observation;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.TestClock;
import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.WatchRevision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What every database must keep of a ledger.
abstract class LedgerBookContract extends StoreFixture {
  private static final String LOG = "rekor";
  private static final LedgerState FIRST =
      new LedgerState(1, 1, 0, List.of("aa", "bb"), List.of("aa"), "", -1);

  private LedgerBook begun() throws StaleStateException {
    store.ledger(LOG).begin("scitt ledger.example", FIRST);
    return store.ledger(LOG);
  }

  private static Hash hash(String of) {
    return Hash.ofData(of.getBytes(StandardCharsets.UTF_8));
  }

  private static TxId id(long seqno) {
    return new TxId(2, seqno);
  }

  /// The entry at a place, in the tree that the next transaction signs.
  private static LedgerEntry entry(long seqno) {
    return new LedgerEntry(
        id(seqno), hash("entry " + seqno), id(seqno + 1), hash("root " + (seqno + 1)));
  }

  private LedgerReceipt receipt(long size, boolean proven) {
    return new LedgerReceipt(
        id(size),
        hash("root " + size),
        Cbor.Bytes.of(("receipt " + size).getBytes(StandardCharsets.UTF_8)),
        clock.instant(),
        // Some services do not say when they signed.
        Optional.of(TestClock.START).filter(_ -> size % 2 == 0),
        proven);
  }

  private OwedEntry owed(long seqno, String why) {
    return new OwedEntry(id(seqno), clock.instant(), why);
  }

  private static LedgerCommit of(
      long known,
      long next,
      List<LedgerEntry> entries,
      List<LedgerReceipt> receipts,
      List<OwedEntry> owed) {
    return new LedgerCommit(
        known, next, 2, entries, receipts, owed, List.of(), List.of(), List.of(), List.of(), 0);
  }

  private static LedgerCommit of(LedgerCommit.Version... versions) {
    return new LedgerCommit(
        1,
        1,
        2,
        List.of(),
        List.of(),
        List.of(),
        List.of(versions),
        List.of(),
        List.of(),
        List.of(),
        0);
  }

  /// What is worth telling of the entry at place 4, with the entry.
  private static LedgerCommit told() {
    return new LedgerCommit(
        1,
        5,
        2,
        List.of(entry(4)),
        List.of(),
        List.of(),
        List.of(new LedgerCommit.Version(hash("acme/app"), 7, 4)),
        List.of(observation(4, "releases", new Verdict.Unexpected("not on the list"))),
        List.of(filing("swf_a", "soc")),
        List.of(
            new Untold(
                LOG,
                0,
                4,
                "unexpected_signature",
                "releases",
                "",
                "one too many",
                TestClock.START)),
        0);
  }

  @Test
  void a_ledger_is_begun_once_and_is_the_same_after_a_restart() throws Exception {
    assertThat(store.ledger(LOG).state()).isEmpty();
    begun();
    reopen();

    LedgerBook book = store.ledger(LOG);
    assertThat(book.state()).contains(FIRST);
    assertThatThrownBy(() -> book.begin("scitt ledger.example", FIRST))
        .isInstanceOf(StaleStateException.class);
    assertThat(store.ledger("another").state()).isEmpty();
  }

  @Test
  void who_judged_is_written_with_the_place_and_what_is_owed_was_judged_by_nobody()
      throws Exception {
    LedgerBook book = begun();
    long set = store.coverage().register(Map.of("acme", new WatchRevision("a", "")));
    book.commit(judged(1, 9, List.of(entry(2)), List.of(owed(4, "cut"), owed(6, "cut")), set));
    assertThat(covered()).containsExactly("[1, 4)", "[5, 6)", "[7, 9)");

    long other = store.coverage().register(Map.of("acme", new WatchRevision("b", "")));
    // Known before, so that nothing new was judged.
    book.commit(judged(9, 12, List.of(entry(2), entry(4)), List.of(owed(6, "cut")), other));
    assertThat(covered()).containsExactly("[1, 4)", "[4, 5)", "[5, 6)", "[7, 9)", "[9, 12)");
    assertThat(store.coverage().since("acme", LOG).orElseThrow().from()).isEqualTo(9);
  }

  private List<String> covered() {
    return store.coverage().of("acme", LOG, 10).stream()
        .map(range -> "[%d, %d)".formatted(range.from(), range.to()))
        .toList();
  }

  private static LedgerCommit judged(
      long known, long next, List<LedgerEntry> entries, List<OwedEntry> owed, long set) {
    return new LedgerCommit(
        known, next, 2, entries, List.of(), owed, List.of(), List.of(), List.of(), List.of(), set);
  }

  @Test
  void an_update_keeps_how_far_was_read_and_files_what_it_tells() throws Exception {
    LedgerBook book = begun();
    book.commit(of(1, 9, List.of(), List.of(), List.of()));

    book.update(
        FIRST.withKeys(List.of("cc"), List.of(), 3).withPolicy("{}").withView(4),
        List.of(filing("swf_a", "soc")));

    reopen();
    assertThat(store.ledger(LOG).state())
        .contains(new LedgerState(1, 9, 4, List.of("cc"), List.of(), "{}", 3));
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void a_commit_writes_everything_with_the_place_or_nothing() throws Exception {
    LedgerBook book = begun();
    book.commit(told());

    assertThatThrownBy(() -> book.commit(told())).isInstanceOf(StaleStateException.class);
    assertThatThrownBy(() ->
            book.commit(
                of(4, 6, List.of(entry(5)), List.of(receipt(6, true)), List.of(owed(3, "hidden")))))
        .isInstanceOf(StaleStateException.class);

    reopen();
    LedgerBook after = store.ledger(LOG);
    assertThat(after.state().orElseThrow().next()).isEqualTo(5);
    assertThat(after.state().orElseThrow().view()).isEqualTo(2);
    assertThat(after.entries(1, 100, 10)).containsExactly(entry(4));
    assertThat(after.receipts()).isEmpty();
    assertThat(after.owedCount()).isZero();
    assertThat(store.verdicts("releases")).containsEntry("unexpected", 1L).hasSize(1);
    assertThat(store.findings(10)).hasSize(1);
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void one_of_two_writers_of_the_same_place_wins() throws Exception {
    LedgerBook book = begun();

    assertThat(race(() -> wins(book), () -> wins(book))).containsExactlyInAnyOrder(true, false);

    assertThat(store.verdicts("releases")).containsEntry("unexpected", 1L);
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  private static boolean wins(LedgerBook book) {
    try {
      book.commit(told());
      return true;
    } catch (StaleStateException _) {
      return false;
    }
  }

  @Test
  void entries_are_found_by_place_and_by_the_tree_that_proves_them() throws Exception {
    LedgerBook book = begun();
    LedgerEntry together = new LedgerEntry(id(5), hash("entry 5"), id(7), hash("root 7"));
    book.commit(of(1, 12, List.of(entry(10), entry(6), together), List.of(), List.of()));
    // An entry that was proven stays as it was.
    LedgerEntry other = new LedgerEntry(id(6), hash("other"), id(9), hash("root 9"));
    book.commit(of(12, 12, List.of(other), List.of(), List.of()));

    assertThat(book.entry(6)).contains(entry(6));
    assertThat(book.entry(7)).isEmpty();
    assertThat(book.entries(5, 10, 10)).containsExactly(together, entry(6), entry(10));
    assertThat(book.entries(6, 9, 10)).containsExactly(entry(6));
    assertThat(book.entries(1, 100, 2)).containsExactly(together, entry(6));
    assertThat(book.before(10)).contains(entry(6));
    assertThat(book.before(5)).isEmpty();
    assertThat(book.signed(7, 10, 10)).containsExactly(together, entry(6));
    assertThat(book.signed(8, 100, 10)).containsExactly(entry(10));
  }

  @Test
  void a_receipt_is_kept_as_first_seen_and_once_proven_stays_so() throws Exception {
    LedgerBook book = begun();
    LedgerReceipt four = receipt(4, false);
    LedgerReceipt seven = receipt(7, false);
    book.commit(of(1, 8, List.of(), List.of(seven, four), List.of()));
    assertThat(book.receipts()).containsExactly(four, seven);
    assertThat(store.views(LOG).getFirst().head().head().size()).isEqualTo(7);
    assertThat(store.views(LOG).getFirst().head().head().root()).isEqualTo(hash("root 7"));

    clock.advance(Duration.ofHours(1));
    book.commit(of(8, 8, List.of(), List.of(receipt(4, true)), List.of()));
    book.commit(of(8, 8, List.of(), List.of(receipt(4, false)), List.of()));
    book.proven(List.of(7L, 99L));

    reopen();
    assertThat(store.ledger(LOG).receipts())
        .extracting(LedgerReceipt::seen, LedgerReceipt::issued, LedgerReceipt::proven)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                TestClock.START, Optional.of(TestClock.START), true),
            org.assertj.core.groups.Tuple.tuple(TestClock.START, Optional.<Instant>empty(), true));
    assertThat(store.views(LOG).getFirst().head().head().size()).isEqualTo(7);
  }

  @Test
  void of_too_many_receipts_the_older_ones_are_thinned_out_but_for_the_first() throws Exception {
    LedgerBook book = begun();
    int many = LedgerBook.MAX_RECEIPTS;
    book.commit(
        of(
            1,
            2,
            List.of(),
            LongStream.rangeClosed(1, many).mapToObj(size -> receipt(size, true)).toList(),
            List.of()));
    assertThat(book.receipts()).hasSize(many);

    book.commit(of(2, 3, List.of(), List.of(receipt(many + 1L, true)), List.of()));

    List<Long> sizes = book.receipts().stream().map(it -> it.signed().seqno()).toList();
    assertThat(sizes).hasSize(many + 1 - many / 4).startsWith(1L, 3L, 5L);
    assertThat(sizes).containsAll(LongStream.rangeClosed(many / 2 + 1, many + 1).boxed().toList());
  }

  @Test
  void an_entry_is_owed_in_turn_until_it_is_proven() throws Exception {
    LedgerBook book = begun();
    OwedEntry three = owed(3, "not there");
    OwedEntry six = owed(6, "not there");
    book.commit(of(1, 8, List.of(), List.of(), List.of(six, three)));
    assertThat(book.owed(10)).containsExactly(three, six);
    assertThat(book.owed(1)).containsExactly(three);

    clock.advance(Duration.ofMinutes(1));
    book.commit(of(8, 8, List.of(), List.of(), List.of(owed(3, "no receipt"))));
    // Asked for last, and owed since it was first.
    assertThat(book.owed(10))
        .containsExactly(six, new OwedEntry(id(3), TestClock.START, "no receipt"));

    book.commit(of(8, 8, List.of(entry(6)), List.of(), List.of()));
    reopen();
    LedgerBook after = store.ledger(LOG);
    assertThat(after.owes(3)).isTrue();
    assertThat(after.owes(6)).isFalse();
    assertThat(after.owedCount()).isEqualTo(1);
  }

  @Test
  void the_highest_security_version_of_a_subject_is_kept() throws Exception {
    LedgerBook book = begun();
    Hash app = hash("acme/app");
    book.commit(of(new LedgerCommit.Version(app, 7, 4)));
    book.commit(of(new LedgerCommit.Version(app, 6, 5), new LedgerCommit.Version(app, 7, 6)));
    assertThat(book.version(app)).contains(new LedgerCommit.Version(app, 7, 4));

    book.commit(of(new LedgerCommit.Version(app, 8, 7)));
    reopen();
    assertThat(store.ledger(LOG).version(app)).contains(new LedgerCommit.Version(app, 8, 7));
    assertThat(store.ledger(LOG).version(hash("acme/lib"))).isEmpty();
  }

  @Test
  void a_name_that_belongs_to_another_log_is_refused() throws Exception {
    store.begin(LOG, "rekor.example+1", view(0, 5, 0));

    assertThatThrownBy(() -> store.ledger(LOG).begin("scitt ledger.example", FIRST))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("was another log before");
    assertThat(store.ledger(LOG).state()).isEmpty();
  }
}
