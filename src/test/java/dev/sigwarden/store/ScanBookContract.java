package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.finding;
import static dev.sigwarden.store.StoreSamples.head;
import static dev.sigwarden.store.StoreSamples.observation;
import static dev.sigwarden.store.StoreSamples.position;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.store.ScanBook.Range;
import dev.sigwarden.store.ScanPiece.Cause;
import dev.sigwarden.watch.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every store does with scans: each piece is one process's at a time, and nothing is written
/// by a process that lost it.
abstract class ScanBookContract extends StoreFixture {
  private static final Duration SHORT = Duration.ofSeconds(15);
  private static final Deed DEED =
      new Deed("token:ci", "responder", "127.0.0.1", "scan.create", "", "looking back", "");

  private ScanBook book() {
    return store.desk().scans();
  }

  private Scan scan(Range... pieces) {
    return book()
        .create(
            new ScanBook.Draft(
                "rekor", "rekor.example+1", List.of(pieces), head(100), List.of("acme", "other")),
            DEED)
        .orElseThrow();
  }

  private Scan scan() {
    return scan(new Range(8, 16), new Range(16, 24));
  }

  private static ScanCommit commit(ScanPiece piece, long to, List<Filing> filings) {
    return new ScanCommit(
        piece.hold(),
        piece.at(),
        position(to),
        List.of(),
        "revision",
        to == piece.to(),
        List.of(),
        filings,
        List.of(),
        Coverage.UNKNOWN);
  }

  private static Filing filing(String uid) {
    return new Filing(finding(uid), List.of("soc"));
  }

  private ScanPiece take(Scan scan, String owner) {
    return book().take(scan.id(), owner, SHORT).orElseThrow();
  }

  @Test
  void scan_is_kept_as_it_was_asked_for() {
    Scan scan = scan();
    reopen();

    assertThat(book().find(scan.id())).contains(scan);
    assertThat(book().running()).containsExactly(scan);
    assertThat(book().list(10)).containsExactly(scan);
    assertThat(scan.from()).isEqualTo(8);
    assertThat(scan.to()).isEqualTo(24);
    assertThat(scan.head()).isEqualTo(head(100));
    assertThat(scan.watches()).containsExactly("acme", "other");
    assertThat(scan.state()).isEqualTo(Scan.State.RUNNING);
    assertThat(store.desk().audit(scan.id(), Long.MAX_VALUE, 10)).hasSize(1);
    assertThat(scan().id()).isNotEqualTo(scan.id());
  }

  @Test
  void no_more_scans_run_than_may() {
    for (int i = 0; i < ScanBook.MOST_RUNNING; i++) {
      scan();
    }

    assertThat(
            book()
                .create(
                    new ScanBook.Draft(
                        "rekor", "x", List.of(new Range(0, 1)), head(100), List.of()),
                    DEED))
        .isEmpty();
  }

  @Test
  void each_piece_is_one_owners_until_its_lease_ends() {
    Scan scan = scan();
    ScanPiece first = take(scan, "one");
    assertThat(first.from()).isEqualTo(8);
    ScanPiece second = take(scan, "two");
    assertThat(second.from()).isEqualTo(16);
    assertThat(book().take(scan.id(), "three", SHORT)).isEmpty();

    clock.advance(SHORT.minusSeconds(5));
    assertThat(book().keep("two", Set.of(first.hold(), second.hold()), SHORT))
        .containsExactly(second.hold());
    clock.advance(Duration.ofSeconds(5));

    ScanPiece again = take(scan, "three");
    assertThat(again.from()).isEqualTo(8);
    assertThat(book().take(scan.id(), "four", SHORT)).isEmpty();
    assertThat(book().keep("one", Set.of(first.hold()), SHORT)).isEmpty();
  }

  @Test
  void a_piece_that_its_owner_was_never_told_of_is_soon_anybodys() {
    Scan scan = scan();
    long lost = take(scan, "one").from();
    ScanPiece known = take(scan, "one");
    clock.advance(SHORT.minusSeconds(5));
    assertThat(book().keep("one", Set.of(known.hold()), SHORT)).containsExactly(known.hold());
    clock.advance(Duration.ofSeconds(5));
    assertThat(take(scan, "two").from()).isEqualTo(lost);
  }

  @Test
  void two_who_take_at_once_get_different_pieces() throws Exception {
    for (int i = 0; i < 10; i++) {
      Scan scan = scan(new Range(0, 8));
      assertThat(
              race(
                  () -> book().take(scan.id(), "one", SHORT).isPresent(),
                  () -> book().take(scan.id(), "two", SHORT).isPresent()))
          .containsExactlyInAnyOrder(true, false);
      book().end(scan.id(), Scan.State.DONE, "");
    }
  }

  @Test
  void what_is_judged_goes_on_where_it_was_written() throws Exception {
    Scan scan = scan();
    ScanPiece piece = take(scan, "one");
    book().commit(commit(piece, 12, List.of(filing("swf_1"))));
    book().giveBack(piece);
    reopen();

    ScanPiece again = take(scan, "two");

    assertThat(again.at()).isEqualTo(12);
    assertThat(again.frontier()).isEqualTo(position(12).range());
    assertThat(again.revision()).isEqualTo("revision");
    assertThat(again.fence()).isGreaterThan(piece.fence());
    book().commit(commit(again, 16, List.of()));
    ScanProgress progress = book().progress(scan.id());
    assertThat(progress.judged()).isEqualTo(8);
    assertThat(progress.pieces()).isEqualTo(2);
    assertThat(progress.done()).isEqualTo(1);
    assertThat(progress.findings()).isEqualTo(1);
    assertThat(progress.fresh()).isEqualTo(1);
    assertThat(progress.shares()).containsExactly(java.util.Map.entry("two", 8L));
    assertThat(progress.began()).isPresent();
    assertThat(book().anyOpen(scan.id())).isTrue();
  }

  @Test
  void who_lost_a_piece_writes_nothing_of_it() throws Exception {
    Scan scan = scan();
    ScanPiece lost = take(scan, "one");
    clock.advance(SHORT);
    ScanPiece taken = take(scan, "two");

    assertThatThrownBy(() -> book().commit(commit(lost, 12, List.of(filing("swf_1")))))
        .isInstanceOf(StaleStateException.class);
    book().retry(lost, Cause.UNREACHABLE, "late", clock.instant());
    book().giveUp(lost, Cause.UNREACHABLE, "late", List.of());
    book().giveBack(lost);
    assertThatThrownBy(() -> book().restart(lost, "other")).isInstanceOf(StaleStateException.class);

    assertThat(store.findings(10)).isEmpty();
    assertThat(book().keep("two", Set.of(taken.hold()), SHORT)).containsExactly(taken.hold());
    book().commit(commit(taken, 16, List.of()));
    // The same once more: it was written from 8 on, and is at its end by now.
    assertThatThrownBy(() -> book().commit(commit(taken, 16, List.of())))
        .isInstanceOf(StaleStateException.class);
  }

  @Test
  void nothing_is_written_once_a_scan_is_cancelled_and_it_may_go_on_later() throws Exception {
    Scan scan = scan();
    ScanPiece piece = take(scan, "one");
    book().commit(commit(piece, 12, List.of()));

    assertThat(book().cancel(scan.id(), DEED.about(scan.id()))).isTrue();
    assertThat(book().cancel(scan.id(), DEED)).isFalse();
    assertThat(book().keep("one", Set.of(piece.hold()), SHORT)).isEmpty();
    assertThat(book().take(scan.id(), "two", SHORT)).isEmpty();
    assertThatThrownBy(() -> book().commit(commit(piece, 16, List.of(filing("swf_1")))))
        .isInstanceOf(StaleStateException.class);
    assertThat(store.findings(10)).isEmpty();
    assertThat(book().find(scan.id()).orElseThrow().state()).isEqualTo(Scan.State.CANCELLED);

    assertThat(book().resume(scan.id(), DEED)).isTrue();
    assertThat(book().resume(scan.id(), DEED)).isFalse();
    assertThat(take(scan, "two").at()).isEqualTo(12);
  }

  @Test
  void piece_that_failed_waits_and_one_that_is_given_up_is_named() {
    Scan scan = scan();
    ScanPiece first = take(scan, "one");
    book().retry(first, Cause.UNREACHABLE, "no answer", clock.instant().plusSeconds(60));
    ScanPiece second = take(scan, "one");
    assertThat(second.from()).isEqualTo(16);
    book().giveUp(second, Cause.MISBEHAVED, "another tree", List.of(filing("swf_1")));
    assertThat(book().take(scan.id(), "one", SHORT)).isEmpty();

    clock.advance(Duration.ofSeconds(60));
    ScanPiece again = take(scan, "one");

    assertThat(again.attempts()).isEqualTo(1);
    assertThat(again.cause()).isEqualTo(Cause.UNREACHABLE);
    assertThat(again.why()).isEqualTo("no answer");
    assertThat(book().failed(scan.id(), 10))
        .singleElement()
        .satisfies(piece -> assertThat(piece.from()).isEqualTo(16))
        .satisfies(piece -> assertThat(piece.why()).isEqualTo("another tree"));
    assertThat(store.finding("swf_1")).isPresent();
    assertThat(book().progress(scan.id()).failed()).isEqualTo(1);
  }

  @Test
  void log_that_lies_everywhere_is_paged_for_the_first_pieces_only() {
    Range[] pieces = new Range[ScanBook.MOST_LIES + 4];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = new Range(i, i + 1);
    }
    Scan scan = scan(pieces);
    for (int i = 0; i < pieces.length; i++) {
      book().giveUp(take(scan, "one"), Cause.MISBEHAVED, "lie", List.of(filing("swf_" + i)));
    }

    assertThat(store.findings(100)).hasSize(ScanBook.MOST_LIES);
    assertThat(book().failed(scan.id(), 100)).hasSize(pieces.length);
    assertThat(book().anyOpen(scan.id())).isFalse();
  }

  @Test
  void lie_that_was_met_is_told_though_the_piece_was_lost_or_the_scan_cancelled_meanwhile() {
    Scan scan = scan();
    ScanPiece lost = take(scan, "paused");
    clock.advance(SHORT);
    ScanPiece again = take(scan, "another");
    book().giveUp(lost, Cause.MISBEHAVED, "lie", List.of(filing("swf_1")));

    assertThat(store.finding("swf_1")).isPresent();
    assertThat(book().failed(scan.id(), 10)).isEmpty();

    assertThat(book().cancel(scan.id(), DEED)).isTrue();
    book().giveUp(again, Cause.MISBEHAVED, "lie", List.of(filing("swf_2")));

    assertThat(store.finding("swf_2")).isPresent();
    assertThat(book().failed(scan.id(), 10)).isEmpty();
  }

  @Test
  void finding_that_was_known_is_named_and_not_written_again() throws Exception {
    store.file(List.of(filing("swf_1")));
    Scan scan = scan();
    ScanPiece piece = take(scan, "one");

    book().commit(commit(piece, 16, List.of(filing("swf_1"), filing("swf_2"))));

    assertThat(book().findings(scan.id(), "", 10))
        .extracting(ScanFinding::uid, ScanFinding::known)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("swf_1", true),
            org.assertj.core.groups.Tuple.tuple("swf_2", false));
    assertThat(book().findings(scan.id(), "swf_1", 10)).hasSize(1);
    assertThat(store.findings(10)).hasSize(2);
    assertThat(book().progress(scan.id()).fresh()).isEqualTo(1);
  }

  @Test
  void judged_again_an_entry_may_turn_out_worse_and_nothing_is_taken_back() throws Exception {
    Scan scan = scan();
    ScanPiece piece = take(scan, "one");
    Verdict expected = new Verdict.Expected("listed");
    Verdict unexpected = new Verdict.Unexpected("revoked");
    Verdict pending = new Verdict.Pending(clock.instant().plusSeconds(60), "not listed");
    begin(100);
    store.commit(
        new Commit(
            "rekor",
            0,
            position(0).head(),
            position(20),
            List.of(
                observation(8, "acme", expected),
                observation(9, "acme", unexpected),
                observation(10, "acme", expected),
                observation(11, "acme", pending)),
            List.of()));

    book()
        .commit(
            new ScanCommit(
                piece.hold(),
                8,
                position(16),
                List.of(),
                "",
                true,
                List.of(
                    observation(8, "acme", unexpected),
                    observation(9, "acme", expected),
                    observation(10, "acme", pending),
                    observation(11, "acme", expected),
                    observation(12, "acme", expected)),
                List.of(),
                List.of(),
                Coverage.UNKNOWN));

    assertThat(store.verdicts("acme"))
        .containsEntry("expected", 1L)
        .containsEntry("unexpected", 2L)
        .containsEntry("pending", 2L);
    assertThat(store.pending(Optional.empty(), 10))
        .extracting(ObservationKey::index)
        .containsExactly(10L, 11L);
  }

  @Test
  void process_that_ends_gives_back_what_it_has_and_nothing_else() {
    Scan scan = scan();
    ScanPiece first = take(scan, "one");
    ScanPiece second = take(scan, "two");

    book().release("one");

    assertThat(book().keep("one", Set.of(first.hold()), SHORT)).isEmpty();
    assertThat(book().keep("two", Set.of(second.hold()), SHORT)).containsExactly(second.hold());
    assertThat(take(scan, "three").from()).isEqualTo(first.from());
    book().releaseAll();
    assertThat(take(scan, "four").from()).isEqualTo(first.from());
  }

  @Test
  void piece_begins_anew_for_other_watches() throws Exception {
    Scan scan = scan();
    ScanPiece piece = take(scan, "one");
    book().commit(commit(piece, 12, List.of()));

    book().restart(piece, "other");

    book().giveBack(piece);
    ScanPiece again = take(scan, "one");
    assertThat(again.at()).isEqualTo(again.from());
    assertThat(again.frontier()).isEmpty();
    assertThat(again.revision()).isEqualTo("other");
  }
}
