package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.head;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.TestClock;
import dev.sigwarden.sim.Postgres;
import dev.sigwarden.watch.WatchRevision;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCopyTest {
  private static final int FINDINGS = 120;

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final StorePlace.Server server = Postgres.database();
  private StorePlace file;

  @BeforeEach
  void fill() throws Exception {
    file = new StorePlace.SqlitePath(folder.resolve("one.db"));
    try (Store store = Store.open(file, clock)) {
      store.begin("rekor", "rekor.example+1", view(0, 100, 0));
      Commit whole =
          commit(
              0,
              63,
              List.of(),
              IntStream.range(0, FINDINGS).mapToObj(i -> filing("swf_" + i, "soc")).toList());
      long watchSet =
          store.coverage().register(Map.of("acme", new WatchRevision("selects", "expects")));
      store.commit(
          new Commit(
              "rekor",
              0,
              whole.known(),
              whole.next(),
              List.of(),
              whole.filings(),
              List.of(),
              watchSet));
      store.suspect("rekor", head("other", 40));
      store.lasts("rekor", "FAILING", new Lasting(clock.instant(), 3));
    }
  }

  private List<CopiedTable> copy(StorePlace from, StorePlace to) {
    List<CopiedTable> tables = new ArrayList<>();
    StoreCopy.copy(from, to, clock, tables::add);
    return tables;
  }

  @Test
  void copies_everything_to_a_server_and_back() {
    List<CopiedTable> there = copy(file, server);
    assertThat(there)
        .extracting(CopiedTable::name)
        .contains(
            "log", "log_view", "finding", "evidence", "outbox", "suspect", "lasting", "coverage");
    assertThat(there)
        .filteredOn(table -> table.name().equals("finding"))
        .extracting(CopiedTable::rows)
        .containsExactly((long) FINDINGS);

    StorePlace other = new StorePlace.SqlitePath(folder.resolve("two.db"));
    assertThat(copy(server, other)).containsExactlyInAnyOrderElementsOf(there);
    try (Store store = Store.open(other, clock)) {
      assertThat(store.views("rekor")).containsExactly(view(0, 100, 63));
      assertThat(store.findings(1_000)).hasSize(FINDINGS);
      assertThat(store.queues().getFirst().pending()).isEqualTo(FINDINGS);
      assertThat(store.suspects("rekor")).containsExactly(head("other", 40));
      assertThat(store.coverage().of("acme", "rekor", 10)).hasSize(1);
    }
  }

  @Test
  void goes_on_from_the_copy() throws Exception {
    copy(file, server);
    try (Store store = Store.open(server, Clock.systemUTC())) {
      assertThat(store.views("rekor")).containsExactly(view(0, 100, 63));
      store.commit(
          new Commit(
              "rekor",
              0,
              view(0, 100, 63).position().head(),
              view(0, 100, 80).position(),
              List.of(),
              List.of(filing("swf_new", "soc"))));
      assertThat(store.findings(1_000)).hasSize(FINDINGS + 1);
    }
  }

  @Test
  void refuses_a_target_that_holds_something_and_leaves_it_as_it_is() {
    copy(file, server);
    assertThatThrownBy(() -> copy(file, server))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("expected: an empty database");
    try (Store store = Store.open(server, clock)) {
      assertThat(store.findings(1_000)).hasSize(FINDINGS);
    }
  }

  @Test
  void refuses_a_file_that_a_daemon_uses() {
    try (Store _ = Store.open(file, clock)) {
      assertThatThrownBy(() -> copy(file, server))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is in use by process");
    }
  }

  @Test
  void copy_that_differs_is_refused_and_leaves_nothing() {
    Store.open(server, clock).close();
    Postgres.execute(
        server,
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN NEW.alert = NEW.alert || '' ''; RETURN NEW; END'",
        "CREATE TRIGGER spoil BEFORE INSERT ON finding FOR EACH ROW"
            + " WHEN (NEW.uid = 'swf_77') EXECUTE FUNCTION spoil()");
    assertThatThrownBy(() -> copy(file, server))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the copy of finding differs");
    try (Store store = Store.open(server, clock)) {
      assertThat(store.findings(1_000)).isEmpty();
      assertThat(store.views("rekor")).isEmpty();
    }
  }
}
