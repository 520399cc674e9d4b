package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.sim.Postgres;
import dev.sigwarden.sim.TcpProxy;
import dev.sigwarden.sim.TcpProxy.Cut;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StoreContract {
  private static final Duration UNMOVED = Duration.ofDays(100_000);

  private final StorePlace.Server place = Postgres.database();

  @Override
  Store open() {
    return open(place);
  }

  private Store open(StorePlace.Server where) {
    return Opening.server(where, clock, new SharedClock(clock, UNMOVED));
  }

  @Test
  void a_database_of_a_later_version_is_refused() {
    Postgres.execute(
        place,
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, true)");
    assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("later");
  }

  @Test
  void a_server_that_cannot_be_reached_is_a_clear_error_without_the_account() {
    StorePlace.Server nowhere = Postgres.at(1, "x");
    assertThatThrownBy(() -> open(nowhere))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("database postgresql://127.0.0.1:1/x cannot be opened");
  }

  @Test
  void a_password_that_cannot_be_read_is_told_and_never_shown() {
    StorePlace.Server locked =
        new StorePlace.Server(
            place.hosts(),
            place.database(),
            place.user(),
            Optional.of(() -> {
              throw new IOException("no file db.secret");
            }),
            place.tls(),
            place.authorities(),
            2,
            place.patience());
    assertThatThrownBy(() -> open(locked))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no file db.secret");
  }

  @Test
  void a_server_without_tls_is_refused_unless_tls_is_off() {
    StorePlace.Server checked =
        new StorePlace.Server(
            place.hosts(),
            place.database(),
            place.user(),
            Optional.empty(),
            StorePlace.Tls.VERIFY_FULL,
            Optional.empty(),
            2,
            place.patience());
    assertThatThrownBy(() -> open(checked))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("SSL");
  }

  @Test
  void of_two_stores_that_advance_from_one_position_one_does() throws Exception {
    begin(10);
    try (Store other = open()) {
      List<Boolean> advanced =
          race(
              () -> advances(store, commit(0, 7, List.of(), List.of(filing("swf_a", "soc")))),
              () -> advances(other, commit(0, 9, List.of(), List.of(filing("swf_b", "soc")))));
      assertThat(advanced).containsExactlyInAnyOrder(true, false);
    }
    assertThat(store.findings(10)).hasSize(1);
  }

  private static boolean advances(Store store, Commit commit) {
    try {
      store.commit(commit);
      return true;
    } catch (StaleStateException e) {
      return false;
    }
  }

  @Test
  void nul_in_a_text_of_a_log_does_not_stop_its_position() throws Exception {
    begin(10);
    Untold hostile = new Untold("rekor", 0, 3, "lookalike", "", "", "a\0b", clock.instant());
    store.commit(
        new Commit(
            "rekor",
            0,
            view(0, 10, 0).position().head(),
            view(0, 10, 7).position(),
            List.of(),
            List.of(),
            List.of(hostile),
            Coverage.UNKNOWN));
    assertThat(store.untold("rekor", 0, 5)).extracting(Untold::reason).containsExactly("a\u2400b");
  }

  @Test
  void commit_that_the_server_never_heard_of_is_made_again() throws Exception {
    begin(10);
    try (TcpProxy proxy = new TcpProxy(Postgres.port());
        Store cut = open(Postgres.through(proxy.port(), place))) {
      proxy.cutNextCommit(Cut.BEFORE);
      cut.commit(commit(0, 7, List.of(), List.of(filing("swf_a", "soc"))));
      assertThat(proxy.isWaiting()).isFalse();
      assertThat(cut.trouble()).isEmpty();
    }
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 7));
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void commit_whose_answer_is_lost_counts_as_made_and_is_not_made_again() throws Exception {
    begin(10);
    try (TcpProxy proxy = new TcpProxy(Postgres.port());
        Store cut = open(Postgres.through(proxy.port(), place))) {
      proxy.cutNextCommit(Cut.AFTER);
      cut.commit(commit(0, 7, List.of(), List.of(filing("swf_a", "soc"))));
      assertThat(proxy.isWaiting()).isFalse();
      // A lease that was given and not told would hold the alert up until it ends.
      proxy.cutNextCommit(Cut.AFTER);
      assertThat(cut.lease("soc", 1, LEASE, "worker")).hasSize(1);
      assertThat(proxy.isWaiting()).isFalse();
    }
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 7));
    assertThat(store.findings(10)).hasSize(1);
  }

  @Test
  void commit_of_which_nothing_can_be_learnt_says_so_and_can_be_repeated() throws Exception {
    begin(10);
    Commit chunk = commit(0, 7, List.of(), List.of(filing("swf_a", "soc")));
    try (TcpProxy proxy = new TcpProxy(Postgres.port());
        Store cut = open(Postgres.through(proxy.port(), place))) {
      proxy.cutNextCommitForGood(Cut.AFTER);
      assertThatThrownBy(() -> cut.commit(chunk))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("lost during the commit");
      assertThat(cut.trouble()).isPresent();
      proxy.pass();
      assertThatThrownBy(() -> cut.commit(chunk)).isInstanceOf(StaleStateException.class);
      assertThat(cut.trouble()).isEmpty();
    }
    assertThat(store.findings(10)).hasSize(1);
  }

  @Test
  void server_that_was_away_is_used_again_without_a_restart() throws Exception {
    begin(10);
    try (TcpProxy proxy = new TcpProxy(Postgres.port());
        Store cut = open(Postgres.through(proxy.port(), place))) {
      assertThat(cut.views("rekor")).hasSize(1);
      proxy.block();
      assertThatThrownBy(() -> cut.file(List.of(filing("swf_a", "soc"))))
          .isInstanceOf(StoreException.class);
      assertThat(cut.trouble()).isPresent();
      proxy.pass();
      cut.file(List.of(filing("swf_a", "soc")));
      assertThat(cut.trouble()).isEmpty();
    }
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void connections_that_idled_and_were_cut_are_not_noticed() throws Exception {
    begin(10);
    Postgres.execute(
        place,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    store.commit(commit(0, 7, List.of(), List.of()));
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 7));
  }

  @Test
  void statement_that_takes_too_long_is_given_up_and_changes_nothing() throws Exception {
    begin(10);
    try (Store hurried = open(Postgres.impatient(place, Duration.ofSeconds(1)));
        Connection slow = Postgres.connect(place);
        Statement lock = slow.createStatement()) {
      slow.setAutoCommit(false);
      lock.execute("LOCK TABLE log_view IN ACCESS EXCLUSIVE MODE");
      assertThatThrownBy(() -> hurried.commit(commit(0, 7, List.of(), List.of())))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("statement timeout");
      slow.rollback();
      hurried.commit(commit(0, 7, List.of(), List.of()));
    }
  }

  @Test
  void server_out_of_connections_is_told_and_used_once_it_has_some() throws Exception {
    Postgres.execute(place, "CREATE ROLE " + role() + " LOGIN SUPERUSER");
    StorePlace.Server account =
        new StorePlace.Server(
            place.hosts(),
            place.database(),
            role(),
            Optional.empty(),
            place.tls(),
            Optional.empty(),
            2,
            place.patience());
    Postgres.execute(place, "ALTER DATABASE " + place.database() + " CONNECTION LIMIT 0");
    Postgres.execute(place, "ALTER ROLE " + role() + " NOSUPERUSER");
    assertThatThrownBy(() -> open(account))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("too many connections");
    Postgres.execute(
        place,
        "ALTER DATABASE " + place.database() + " CONNECTION LIMIT -1",
        "ALTER ROLE " + role() + " SUPERUSER");
    open(account).close();
  }

  private String role() {
    return "role_" + place.database();
  }

  @Test
  void whoever_listens_hears_of_deliveries_and_conditions_at_once() {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    try (var _ = store.replicas().orElseThrow().listen(heard::add)) {
      await().atMost(Duration.ofSeconds(40)).until(() -> heard.size() >= 3);
      heard.clear();
      store.file(List.of(filing("swf_a", "soc")));
      await().atMost(Duration.ofSeconds(40)).until(() -> heard.contains("deliveries"));
    }
  }

  @Test
  void every_machine_writes_the_database_s_time_whatever_its_own_clock_says() {
    // The tests' clock is days behind the server's.
    try (Store shared = Store.open(place, clock)) {
      assertThat(shared.clock().instant())
          .isBetween(Instant.now().minusSeconds(20), Instant.now().plusSeconds(20));
      clock.advance(Duration.ofHours(-5));
      Replicas replicas = shared.replicas().orElseThrow();
      replicas.take("a", List.of("turn"), Duration.ofSeconds(15));
      assertThat(shared.clock().instant())
          .isBetween(Instant.now().minusSeconds(20), Instant.now().plusSeconds(20));
    }
  }
}
