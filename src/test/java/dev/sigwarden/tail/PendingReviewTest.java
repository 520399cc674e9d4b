package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.store.Commit;
import dev.sigwarden.store.Coverage;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.Observer;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreSamples;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.Watches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Observations that an earlier configuration left pending; their log is not followed any more.
class PendingReviewTest {
  private static final Duration GRACE = Duration.ofMinutes(15);
  private static final String FORMAT = "rekor";
  private static final byte[] ENTRY =
      PracticeEntries.hashedRekord(
          new PracticeSigner(Clock.systemUTC(), new SecureRandom())
              .certificate(
                  PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1")),
          "artifact".getBytes(StandardCharsets.UTF_8));

  private static final String ACME = "subject: \"https://github.com/acme/*\", issuer: \"*\"";

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final AtomicLong revision = new AtomicLong();
  private Store store;
  private PoliteHttp http;

  @BeforeEach
  void open() throws IOException, StaleStateException {
    store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
    http = new PoliteHttp(HttpPolicy.standard("it@sigwarden.invalid"), clock, new SecureRandom());
    Files.writeString(folder.resolve("allow.txt"), "# nothing\n");
    store.begin("rekor", "rekor.example", StoreSamples.view(0, 5_000, 0));
  }

  @AfterEach
  void close() {
    http.close();
    store.close();
  }

  private static Observation pending(long index, String watch, byte[] entry, Duration grace) {
    return new Observation(
        "rekor",
        0,
        index,
        Hash.ofLeaf(entry),
        new Observer(watch, Severity.MEDIUM, "former owner", ""),
        new Verdict.Pending(TestClock.START.plus(grace), "not on the list"),
        FORMAT,
        EntryBytes.of(entry),
        TestClock.START,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private void observe(List<Observation> observations) throws StaleStateException {
    Position known = StoreSamples.position(0);
    store.commit(
        new Commit("rekor", 0, known.head(), StoreSamples.position(1), observations, List.of()));
  }

  private static String watch(String name, String selector, String expect) {
    return "  %s: {severity: critical, owner: team, identities: [{%s}]%s}\n"
        .formatted(name, selector, expect);
  }

  private static String patient(String name, String grace) {
    return watch(name, ACME, ", expect: {allowlists: [list], grace: %s}".formatted(grace));
  }

  private PendingReview review(String watches) {
    String yaml = "allowlists: {list: {file: allow.txt}}\nwatches:\n" + watches;
    SettingsFile.Loaded<Watches> loaded =
        SettingsFile.read(
            yaml.getBytes(StandardCharsets.UTF_8),
            "test.yaml",
            folder,
            root -> {
              Allowlists lists = Allowlists.read(root);
              Map<String, Watch> all =
                  root.sections("watches", "watches", section -> Watch.read(section, lists));
              return Watches.of(List.copyOf(all.values()), lists);
            },
            Map.of());
    Watches compiled = loaded.value().orElseThrow(() -> new AssertionError(loaded.problems()));
    TailTools tools = TestTools.of(store, http, compiled, Coverage.UNKNOWN, clock);
    return new PendingReview(tools, Map.of(), revision::get);
  }

  private static final String NOBODY =
      "  other: {identities: [{text: \"*nobody writes this*\"}]}\n";

  @Test
  void verdict_whose_watch_is_gone_waits_for_its_grace_and_is_a_finding_then() throws Exception {
    observe(List.of(pending(7, "gone", ENTRY, GRACE)));
    PendingReview review = review(NOBODY);

    review.run();
    assertThat(store.verdicts("gone")).isEqualTo(Map.of("pending", 1L));
    clock.advance(GRACE);
    review.run();
    review.run();

    assertThat(store.verdicts("gone")).isEqualTo(Map.of("unexpected", 1L));
    assertThat(store.findings(10)).hasSize(1);
    Finding finding = store.findings(10).getFirst();
    assertThat(finding.alert().kind()).isEqualTo(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.alert().watch()).isEqualTo("gone");
    assertThat(finding.alert().severity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.alert().owner()).isEqualTo("former owner");
    assertThat(finding.alert().why())
        .isEqualTo("its watch gone was removed or changed before the grace ended");
    assertThat(finding.evidence())
        .extracting(Evidence::name)
        .containsExactly("entry.bin", "checkpoint.note", "inclusion.txt");
    assertThat(finding.evidence().getFirst().toBytes()).isEqualTo(ENTRY);
    assertThat(store.queues())
        .extracting("receiver", "pending")
        .containsExactly(org.assertj.core.groups.Tuple.tuple("soc", 1L));
  }

  @Test
  void watch_that_does_not_select_the_entry_any_more_withdraws_nothing() throws Exception {
    observe(List.of(pending(7, "acme", ENTRY, GRACE)));
    clock.advance(GRACE);

    review(watch("acme", "subject: \"https://github.com/other/*\", issuer: \"*\"", "")).run();

    Finding finding = store.findings(10).getFirst();
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().owner()).isEqualTo("team");
    assertThat(store.verdicts("acme")).isEqualTo(Map.of("unexpected", 1L));
  }

  @Test
  void renamed_watch_takes_over_with_its_own_grace_and_tells_once() throws Exception {
    observe(List.of(pending(7, "old", ENTRY, GRACE)));
    PendingReview review = review(patient("new", "1h"));

    review.run();
    assertThat(store.verdicts("old")).isEqualTo(Map.of("pending", 1L));
    assertThat(store.verdicts("new")).isEqualTo(Map.of("pending", 1L));
    clock.advance(GRACE);
    review.run();
    assertThat(store.findings(10)).isEmpty();
    assertThat(store.due(clock.instant(), 10)).isEmpty();
    clock.advance(Duration.ofHours(1));
    review.run();
    review.run();

    assertThat(store.verdicts("old")).isEqualTo(Map.of("unexpected", 1L));
    assertThat(store.verdicts("new")).isEqualTo(Map.of("unexpected", 1L));
    assertThat(store.findings(10)).extracting(it -> it.alert().watch()).containsExactly("new");
  }

  @Test
  void of_several_watches_that_take_over_the_gravest_decides() throws Exception {
    observe(List.of(pending(7, "old", ENTRY, GRACE)));

    review(
            watch("lenient", ACME, ", expect: {require: {runner-environment: github-hosted}}")
                + watch("strict", ACME, ""))
        .run();

    assertThat(store.verdicts("old")).isEqualTo(Map.of("unexpected", 1L));
    assertThat(store.verdicts("strict")).isEqualTo(Map.of("unexpected", 1L));
    assertThat(store.findings(10)).extracting(it -> it.alert().watch()).contains("strict");
  }

  @Test
  void longer_grace_moves_the_end_and_a_shorter_one_ends_it() throws Exception {
    observe(List.of(pending(7, "acme", ENTRY, GRACE)));
    clock.advance(GRACE);
    review(patient("acme", "1h")).run();
    assertThat(store.due(clock.instant(), 10)).isEmpty();
    assertThat(store.verdicts("acme")).isEqualTo(Map.of("pending", 1L));

    review(patient("acme", "1m")).run();
    assertThat(store.verdicts("acme")).isEqualTo(Map.of("unexpected", 1L));
  }

  @Test
  void entry_that_cannot_be_decoded_any_more_is_told_when_its_grace_ends() throws Exception {
    observe(List.of(pending(7, "acme", "nonsense".getBytes(StandardCharsets.UTF_8), GRACE)));
    PendingReview review = review(patient("acme", "15m"));

    review.run();
    assertThat(store.verdicts("acme")).isEqualTo(Map.of("pending", 1L));
    clock.advance(GRACE);
    review.run();

    assertThat(store.verdicts("acme")).isEqualTo(Map.of("unexpected", 1L));
    Finding finding = store.findings(10).getFirst();
    assertThat(finding.alert().kind()).isEqualTo(Kind.ENTRY_UNDECODABLE);
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().watch()).isEqualTo("acme");
  }

  @Test
  void what_waits_long_starves_neither_what_is_due_nor_a_changed_allowlist() throws Exception {
    List<Observation> waiting =
        IntStream.range(0, 2_100)
            .mapToObj(i -> pending(i, "acme", ENTRY, Duration.ofSeconds(i)))
            .toList();
    observe(waiting);
    PendingReview review = review(patient("acme", "1h"));
    review.run();
    assertThat(store.verdicts("acme")).isEqualTo(Map.of("pending", 2_100L));
    assertThat(store.due(TestClock.START.plus(Duration.ofMinutes(59)), 10)).isEmpty();

    clock.advance(Duration.ofHours(1));
    revision.incrementAndGet();
    review.run();

    assertThat(store.pending(Optional.empty(), 10)).isEmpty();
    assertThat(store.verdicts("acme")).isEqualTo(Map.of("unexpected", 2_100L));
  }
}
