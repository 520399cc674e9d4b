package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.filing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.TestClock;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.sim.OwnPostgres;
import dev.sigwarden.sim.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A PostgreSQL server that takes TLS and passwords only, and whoever is not it.
class PostgresTlsTest {
  private static final String END_SESSIONS =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sigwarden'";

  @TempDir private static Path folder;
  private static OwnPostgres server;
  private static Path authority;
  private static Path password;
  private static StorePlace.Client shown;

  private final TestClock clock = new TestClock();

  @BeforeAll
  static void start() throws Exception {
    TestTls tls = new TestTls("localhost");
    authority = Files.writeString(folder.resolve("ca.pem"), tls.pem);
    Path key = key("server.key", tls);
    TestTls client = new TestTls("shown");
    Path clients = Files.writeString(folder.resolve("clients.pem"), client.pem);
    shown = new StorePlace.Client(clients, key("client.key", client));
    server =
        OwnPostgres.in(
                folder.resolve("data"),
                Map.of(
                    "ssl",
                    "on",
                    "ssl_cert_file",
                    authority.toString(),
                    "ssl_key_file",
                    key.toString(),
                    "ssl_ca_file",
                    clients.toString()))
            .start();
    server.execute("CREATE DATABASE sigwarden", "CREATE ROLE sigwarden LOGIN PASSWORD 'first'");
    server.execute("CREATE ROLE shown LOGIN", "CREATE DATABASE shown OWNER shown");
    server.execute("ALTER DATABASE sigwarden OWNER TO sigwarden");
    Files.writeString(
        server.data().resolve("pg_hba.conf"),
        """
        host    all postgres  127.0.0.1/32 trust
        hostssl all sigwarden 127.0.0.1/32 scram-sha-256
        hostssl all shown     127.0.0.1/32 cert
        """);
    server.execute("SELECT pg_reload_conf()");
    password = Files.writeString(folder.resolve("password"), "first");
  }

  private static Path key(String name, TestTls tls) throws IOException {
    Path key = Files.writeString(folder.resolve(name), tls.keyPem);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return key;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static StorePlace.Server place(String host, StorePlace.Tls tls, Path ca) {
    return new StorePlace.Server(
        host + ":" + server.port(),
        "sigwarden",
        "sigwarden",
        Optional.of(() -> Files.readString(password)),
        tls,
        Optional.of(ca),
        2,
        Duration.ofSeconds(20));
  }

  private Store open(StorePlace.Server where) {
    return Opening.server(where, clock, new SharedClock(clock, Duration.ofDays(100_000)));
  }

  @Test
  void server_with_a_certificate_of_the_authority_for_its_host_is_used_over_tls_only()
      throws SQLException {
    try (Store store = open(place("localhost", StorePlace.Tls.VERIFY_FULL, authority))) {
      store.file(List.of(filing("swf_tls", "soc")));
      assertThat(store.finding("swf_tls")).isPresent();
      try (Connection asking = Postgres.connect(server.database("sigwarden"))) {
        assertThat(
                Sql.all(
                    asking,
                    row -> row.getBoolean(1),
                    "SELECT s.ssl FROM pg_stat_ssl AS s JOIN pg_stat_activity AS a ON a.pid = s.pid"
                        + " WHERE a.usename = 'sigwarden'"))
            .isNotEmpty()
            .containsOnly(true);
      }
    }
  }

  @Test
  void host_that_has_no_address_is_named() {
    assertThatThrownBy(
            () -> open(place("db.sigwarden.invalid", StorePlace.Tls.VERIFY_FULL, authority)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("(UnknownHostException: db.sigwarden.invalid");
  }

  @Test
  void server_of_another_authority_is_refused() throws Exception {
    Path other = Files.writeString(folder.resolve("other.pem"), new TestTls("localhost").pem);
    for (StorePlace.Tls tls : List.of(StorePlace.Tls.VERIFY_FULL, StorePlace.Tls.VERIFY_CA)) {
      assertThatThrownBy(() -> open(place("localhost", tls, other)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("cannot be opened: SSL error: ")
          .hasMessageNotContaining("first");
    }
  }

  @Test
  void server_with_a_certificate_for_another_host_is_refused_unless_any_host_will_do() {
    assertThatThrownBy(() -> open(place("127.0.0.1", StorePlace.Tls.VERIFY_FULL, authority)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("The hostname 127.0.0.1 could not be verified");
    try (Store store = open(place("127.0.0.1", StorePlace.Tls.VERIFY_CA, authority))) {
      assertThat(store.trouble()).isEmpty();
    }
  }

  @Test
  void file_of_authorities_that_is_not_there_is_named() {
    assertThatThrownBy(() ->
            open(place("localhost", StorePlace.Tls.VERIFY_FULL, folder.resolve("nothing.pem"))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("nothing.pem");
  }

  @Test
  void password_that_is_rotated_counts_at_the_next_connection_without_a_restart()
      throws IOException {
    try (Store store = open(place("localhost", StorePlace.Tls.VERIFY_FULL, authority))) {
      server.execute("ALTER ROLE sigwarden PASSWORD 'second'", END_SESSIONS);
      assertThatThrownBy(() -> store.file(List.of(filing("swf_rotated", "soc"))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("password authentication failed for user \"sigwarden\"");
      assertThat(store.trouble()).isPresent();
      Files.writeString(password, "second");
      store.file(List.of(filing("swf_rotated", "soc")));
      assertThat(store.trouble()).isEmpty();
    } finally {
      server.execute("ALTER ROLE sigwarden PASSWORD 'first'");
      Files.writeString(password, "first");
    }
  }

  private static StorePlace.Server showing(Optional<StorePlace.Client> client) {
    return new StorePlace.Server(
        "localhost:" + server.port(),
        "shown",
        "shown",
        Optional.empty(),
        StorePlace.Tls.VERIFY_FULL,
        Optional.of(authority),
        2,
        Duration.ofSeconds(20),
        client);
  }

  @Test
  void server_that_asks_for_a_certificate_is_shown_it_and_refuses_whoever_has_none_or_another()
      throws Exception {
    try (Store store = open(showing(Optional.of(shown)))) {
      store.file(List.of(filing("swf_shown", "soc")));
      assertThat(store.finding("swf_shown")).isPresent();
    }
    assertThatThrownBy(() -> open(showing(Optional.empty())))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("connection requires a valid client certificate");
    TestTls stranger = new TestTls("shown");
    StorePlace.Client another =
        new StorePlace.Client(
            Files.writeString(folder.resolve("stranger.pem"), stranger.pem),
            key("stranger.key", stranger));
    assertThatThrownBy(() -> open(showing(Optional.of(another))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot be opened");
  }

  @Test
  void key_that_is_none_is_named_before_anybody_is_asked() throws Exception {
    StorePlace.Client broken = new StorePlace.Client(shown.certificate(), shown.certificate());
    assertThatThrownBy(() -> open(showing(Optional.of(broken))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("clients.pem: not a key (expected: PKCS #8 in PEM");
  }
}
