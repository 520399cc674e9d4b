package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.TestClock;
import dev.sigwarden.sim.Postgres;
import dev.sigwarden.sim.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a transaction when the server says no, throws it out, or says nothing.
class PostgresFaultsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final StorePlace.Server place = Postgres.database();
  private final TestClock clock = new TestClock();

  private Store open(StorePlace.Server where) {
    return Opening.server(where, clock, new SharedClock(clock, Duration.ofDays(100_000)));
  }

  private static void fail(Connection c, String state) throws SQLException {
    Sql.update(c, "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''%s''; END'".formatted(state));
  }

  private static void remember(Connection c, String what) throws SQLException {
    Sql.update(c, "INSERT INTO last_done (task, at) VALUES (?, 1)", what);
  }

  private static List<String> remembered(Database database) {
    return database.read(
        "test", c -> Sql.all(c, row -> row.getString(1), "SELECT task FROM last_done"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "40001", "40P01", "53300", "57P01", "57P02", "57P03", "57P05", "25P03", "25006", "08006"
      })
  void work_that_the_server_refuses_for_the_moment_is_done_again_from_its_start(String state) {
    AtomicInteger runs = new AtomicInteger();
    try (Database database = new PostgresServer(place).open()) {
      database.plainChange(
          "test",
          c -> {
            remember(c, state);
            if (runs.incrementAndGet() == 1) {
              fail(c, state);
            }
          });
      assertThat(runs).hasValue(2);
      assertThat(remembered(database)).containsExactly(state);
      assertThat(database.trouble()).isEmpty();
    }
  }

  /// disk_full, out_of_memory, query_canceled, unique_violation, io_error.
  @ParameterizedTest
  @ValueSource(strings = {"53100", "53200", "57014", "23505", "58030"})
  void work_that_the_server_cannot_do_fails_at_once_changes_nothing_and_is_told(String state) {
    AtomicInteger runs = new AtomicInteger();
    try (Database database = new PostgresServer(place).open()) {
      assertThatThrownBy(() ->
              database.plainChange(
                  "test",
                  c -> {
                    runs.incrementAndGet();
                    remember(c, state);
                    fail(c, state);
                  }))
          .isInstanceOf(StoreException.class);
      assertThat(runs).hasValue(1);
      assertThat(remembered(database)).isEmpty();
      assertThat(database.trouble()).isPresent();
      database.plainChange("test", c -> remember(c, "after"));
      assertThat(database.trouble()).isEmpty();
    }
  }

  @Test
  void transaction_that_stops_in_the_middle_loses_its_locks_and_is_done_again() {
    AtomicInteger runs = new AtomicInteger();
    try (Database database = new PostgresServer(place).open()) {
      database.plainChange(
          "test",
          c -> {
            remember(c, "stopped");
            assertThat(text(c, "SHOW idle_in_transaction_session_timeout")).isEqualTo("10s");
            if (runs.incrementAndGet() == 1) {
              String session = text(c, "SELECT CAST(pg_backend_pid() AS text)");
              Sql.update(c, "SET idle_in_transaction_session_timeout = 20");
              awaitEnd(session);
            }
          });
      assertThat(runs).hasValue(2);
      assertThat(remembered(database)).containsExactly("stopped");
    }
  }

  @Test
  void connection_whose_first_transaction_is_rolled_back_keeps_its_bounds() {
    try (Database database = new PostgresServer(place).open()) {
      AtomicReference<String> session = new AtomicReference<>("");
      assertThatThrownBy(() ->
              database.plainChange(
                  "test",
                  c -> {
                    session.set(text(c, "SELECT CAST(pg_backend_pid() AS text)"));
                    throw new IllegalStateException("a bug");
                  }))
          .isInstanceOf(IllegalStateException.class);
      database.plainChange(
          "test",
          c -> {
            assertThat(text(c, "SELECT CAST(pg_backend_pid() AS text)")).isEqualTo(session.get());
            assertThat(text(c, "SHOW idle_in_transaction_session_timeout")).isEqualTo("10s");
            assertThat(text(c, "SHOW statement_timeout")).isEqualTo("20s");
            assertThat(text(c, "SHOW enable_seqscan")).isEqualTo("off");
          });
    }
  }

  private static String text(Connection c, String query) throws SQLException {
    return Sql.all(c, row -> row.getString(1), query).getFirst();
  }

  private void awaitEnd(String session) {
    await("end of session " + session)
        .atMost(PATIENCE)
        .until(() -> {
          try (Connection asking = Postgres.connect(place)) {
            return Sql.all(
                    asking,
                    row -> row.getInt(1),
                    "SELECT pid FROM pg_stat_activity WHERE CAST(pid AS text) = ?",
                    session)
                .isEmpty();
          }
        });
  }

  @Test
  void program_that_ends_waits_for_no_server_that_says_nothing() throws Exception {
    try (Store store = open(place)) {
      store.begin("rekor", "rekor.example+1", view(0, 10, 0));
    }
    try (TcpProxy proxy = new TcpProxy(Postgres.port())) {
      Store cut = open(Postgres.through(proxy.port(), place));
      assertThat(cut.views("rekor")).hasSize(1);
      proxy.hold();
      cut.replicas().orElseThrow().hurry();
      assertThatThrownBy(() -> cut.commit(commit(0, 7, List.of(), List.of(filing("swf_a", "soc")))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("commit of rekor: the database does not answer");
      assertThatThrownBy(() -> cut.views("rekor")).isInstanceOf(StoreException.class);
      cut.close();
    }
    try (Store store = open(place)) {
      // As after a kill: all of it, or nothing.
      assertThat(store.findings(10)).isEmpty();
      assertThat(store.views("rekor")).containsExactly(view(0, 10, 0));
    }
  }

  @Test
  void program_that_ends_finishes_what_a_server_that_answers_is_asked() throws Exception {
    try (Store store = open(place)) {
      store.begin("rekor", "rekor.example+1", view(0, 10, 0));
      store.replicas().orElseThrow().hurry();
      store.commit(commit(0, 7, List.of(), List.of(filing("swf_a", "soc"))));
      assertThat(store.findings(10)).hasSize(1);
    }
  }
}
