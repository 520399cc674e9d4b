package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Surroundings;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.store.Commit;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerCommit;
import dev.sigwarden.store.LedgerState;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreSamples;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.ExpectedEntry;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.WatchRevision;
import dev.sigwarden.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An entry that is missing from a log of which one watch has not read all.
class ExpectedReviewTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String LOG = "rekor";

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final AtomicBoolean looksBack = new AtomicBoolean(true);
  private Store store;
  private PoliteHttp http;
  private Set<String> searched = Set.of(LOG);
  private Map<String, WatchRevision> revisions = Map.of();
  private ExpectedReview review;

  @BeforeEach
  void open() throws Exception {
    store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
    http = new PoliteHttp(HttpPolicy.standard("it@sigwarden.invalid"), clock, new SecureRandom());
    Files.writeString(folder.resolve("allow.txt"), "# nothing\n");
    store.begin(LOG, "rekor.example", StoreSamples.view(0, 5_000, 0));
    judged(LOG, 0, 100, Map.of("acme", new WatchRevision("others", "nothing")));
    Allowlists[] lists = new Allowlists[1];
    String yaml =
        """
        allowlists: {list: {file: allow.txt}}
        watches:
          acme: {identities: [{subject: a@acme.example}], expect: {allowlists: [list]}}
        """;
    Watches watches =
        SettingsFile.read(
                yaml.getBytes(StandardCharsets.UTF_8),
                "test.yaml",
                folder,
                root -> {
                  lists[0] = Allowlists.read(root);
                  Map<String, Watch> all =
                      root.sections("watches", "", section -> Watch.read(section, lists[0]));
                  return Watches.of(List.copyOf(all.values()), lists[0]);
                },
                Map.of())
            .value()
            .orElseThrow();
    revisions = watches.revisions();
    judged(LOG, 100, 150, revisions);
    store
        .desk()
        .expected()
        .level(
            "list",
            List.of(
                new ExpectedEntry("sha256:" + "ab".repeat(32), "", TestClock.START.plus(HOUR))));
    review = review(watches, lists[0]);
  }

  @AfterEach
  void close() {
    http.close();
    store.close();
  }

  private ExpectedReview review(Watches watches, Allowlists lists) {
    TailTools tools =
        TestTools.of(store, http, watches, store.coverage().register(watches.revisions()), clock);
    return new ExpectedReview(tools, lists, _ -> searched, (_, _) -> looksBack.get());
  }

  private void judged(String log, long from, long to, Map<String, WatchRevision> by)
      throws Exception {
    store.commit(
        new Commit(
            log,
            0,
            StoreSamples.position(from).head(),
            StoreSamples.position(to),
            List.of(),
            List.of(),
            List.of(),
            store.coverage().register(by)));
  }

  private List<Alert> reviewedAfter(Duration time) {
    clock.advance(time);
    store.desk().expected().read(LOG, clock.instant());
    review.run();
    return store.findings(10).stream().map(Finding::alert).toList();
  }

  private static List<String> where(Alert alert, String name) {
    return alert.where().stream().filter(it -> it.name().equals(name)).map(Field::value).toList();
  }

  @Test
  void who_looks_back_is_waited_for_and_no_longer_than_a_day() throws Exception {
    assertThat(reviewedAfter(HOUR.plusMinutes(1))).isEmpty();
    assertThat(reviewedAfter(HOUR.multipliedBy(22))).isEmpty();
    Alert told = reviewedAfter(HOUR.multipliedBy(2)).getFirst();
    assertThat(told.why()).contains("not everywhere");
    assertThat(where(told, "not-covered"))
        .containsExactly(
            "log rekor [0, 100): watch acme selected others, or nobody, when that was read");
    assertThat(told.check()).anyMatch(it -> it.contains("--from '0' --to '100' --watch 'acme'"));
  }

  @Test
  void who_looked_back_in_vain_accuses_and_says_where_it_did_not_look() throws Exception {
    looksBack.set(false);
    Alert told = reviewedAfter(HOUR.plusMinutes(1)).getFirst();
    assertThat(where(told, "not-covered")).hasSize(1);
    assertThat(where(told, "read-from")).isEmpty();
  }

  @Test
  void entry_is_missed_without_reserve_where_all_was_looked_through() throws Exception {
    store.begin("whole", "whole.example", StoreSamples.view(0, 5_000, 0));
    judged("whole", 0, 10, revisions);
    searched = Set.of("whole");
    looksBack.set(false);
    store.desk().expected().read("whole", clock.instant().plus(HOUR));
    Alert told = reviewedAfter(HOUR.plusMinutes(1)).getFirst();
    assertThat(told.why()).contains("All that was logged by then was read");
    assertThat(where(told, "not-covered")).isEmpty();
    assertThat(told.check()).noneMatch(it -> it.contains("scan"));
  }

  @Test
  void ledger_has_its_own_places_and_nothing_scans_it() throws Exception {
    store
        .ledger("ledger")
        .begin("ledger.example", new LedgerState(5, 5, 2, List.of(), List.of(), "", -1));
    searched = Set.of("ledger");
    looksBack.set(false);
    LedgerBook book = store.ledger("ledger");
    book.commit(read(5, 9, store.coverage().register(Map.of("acme", new WatchRevision("x", "")))));
    book.commit(read(9, 30, store.coverage().register(revisions)));
    store.desk().expected().read("ledger", clock.instant().plus(HOUR));
    Alert told = reviewedAfter(HOUR.plusMinutes(1)).getFirst();
    assertThat(where(told, "read-from")).containsExactly("log ledger: entry 5, none before it");
    assertThat(where(told, "not-covered"))
        .containsExactly(
            "log ledger [5, 9): watch acme selected others, or nobody, when that was read");
    assertThat(told.check()).noneMatch(it -> it.contains("scan"));
  }

  @Test
  void nobody_is_accused_by_a_reading_of_the_future_that_a_wrong_clock_left() throws Exception {
    looksBack.set(false);
    store.desk().expected().read(LOG, clock.instant().plus(HOUR.multipliedBy(2)));
    review.run();

    // The log is not read any more.
    clock.advance(HOUR.multipliedBy(3));
    review.run();

    assertThat(store.findings(10)).isEmpty();
    assertThat(reviewedAfter(Duration.ofMinutes(1))).hasSize(1);
  }

  @Test
  void entry_is_found_behind_more_claims_on_its_digest_than_one_review_looks_at() throws Exception {
    looksBack.set(false);
    observed(2_500, 2_600);

    for (int review = 0; review < 4; review++) {
      assertThat(reviewedAfter(HOUR)).isEmpty();
    }
    assertThat(store.desk().expected().due(clock.instant(), Optional.empty(), 10)).isEmpty();
  }

  @Test
  void claims_without_number_put_off_no_finding_for_long() throws Exception {
    looksBack.set(false);
    observed(2_500, -1);

    assertThat(reviewedAfter(HOUR.plusMinutes(1))).isEmpty();
    assertThat(reviewedAfter(Duration.ofSeconds(1))).hasSize(1);
  }

  /// Claims on the digest that nobody's entry is, and the identity's entry at that index.
  private void observed(int claims, long real) throws Exception {
    byte[] entry =
        PracticeEntries.hashedRekord(
            new PracticeSigner(clock, new SecureRandom())
                .certificate(PracticeIdentity.email("a@acme.example", "https://idp.example")),
            new byte[] {1});
    SigningEvent event =
        ((Decoded.Event) Decoders.found().forFormat("rekor").decode(EntryBytes.of(entry))).event();
    Hash signer =
        Surroundings.identity(event.signers().getFirst(), new CertificateTrust.NotChecked(""));
    List<Observation> observations = new ArrayList<>();
    for (long index = 150; index < 150 + claims; index++) {
      observations.add(observation(index, new byte[] {1}, Optional.empty()));
    }
    if (real >= 0) {
      observations.add(observation(real + 150, entry, Optional.of(signer)));
    }
    store.commit(
        new Commit(
            LOG,
            0,
            StoreSamples.position(150).head(),
            StoreSamples.position(5_000),
            observations,
            List.of(),
            List.of(),
            store.coverage().register(revisions)));
  }

  private static Observation observation(long index, byte[] entry, Optional<Hash> signer) {
    Observation sample = StoreSamples.observation(index, "acme", new Verdict.Expected(""));
    return new Observation(
        LOG,
        0,
        index,
        Hash.ofLeaf(entry),
        sample.observer(),
        sample.verdict(),
        "rekor",
        EntryBytes.of(entry),
        sample.firstSeen(),
        Optional.empty(),
        Optional.empty(),
        signer,
        List.of("sha256:" + "ab".repeat(32)));
  }

  private static LedgerCommit read(long from, long to, long set) {
    return new LedgerCommit(
        from, to, 2, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
        set);
  }

  @Test
  void finding_says_from_where_on_a_log_was_read() throws Exception {
    looksBack.set(false);
    store.begin("young", "young.example", StoreSamples.view(0, 5_000, 70));
    searched = Set.of("young");
    store.desk().expected().read("young", clock.instant().plus(HOUR));
    Alert told = reviewedAfter(HOUR.plusMinutes(1)).getFirst();
    assertThat(where(told, "read-from")).containsExactly("log young: entry 70, none before it");
    assertThat(where(told, "not-covered")).isEmpty();
  }
}
