package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.sim.OwnPostgres;
import dev.sigwarden.sim.Postgres;
import dev.sigwarden.sim.TcpProxy.Cut;
import dev.sigwarden.store.StorePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A PostgreSQL server that crashes, fails over, refuses, stalls and throws out connections under
/// replicas whose logs grow: nothing is lost or doubled, whoever cannot write says so, and all of
/// it goes on by itself. The replicas are daemons of this process, each with its own way to the
/// server.
class PostgresFaultsIT {
  private static final int LOGS = 4;
  private static final int ENTRIES = 60;
  private static final int CUTS = 12;
  private static final int MOST_CONNECTIONS = 60;

  /// What a server says that has no connection left.
  private static final String TOO_MANY = "53300";

  /// MiB of the disk that becomes full: an empty database takes 8.
  private static final int DISK = 16;

  private static final Duration SLOW = Duration.ofMillis(10);

  private static final AtomicInteger DATABASES = new AtomicInteger();

  @TempDir private static Path data;
  private static OwnPostgres server;

  @TempDir private Path folder;

  private final Clock clock = Clock.systemUTC();

  @BeforeAll
  static void start() {
    server =
        OwnPostgres.in(
                data.resolve("data"), Map.of("max_connections", Integer.toString(MOST_CONNECTIONS)))
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static StorePlace.Server database() {
    String name = "faults_" + DATABASES.incrementAndGet();
    server.execute("CREATE DATABASE " + name);
    return server.database(name);
  }

  private interface Course {
    void run(Cluster cluster, List<Daemon> daemons) throws Exception;
  }

  /// Runs replicas that share and have judged something, lets something happen to them, and looks
  /// at what is left.
  private void with(StorePlace.Server place, int replicas, Course course) throws Exception {
    List<Daemon> daemons = new ArrayList<>();
    try (Cluster cluster = new Cluster(folder, LOGS, replicas, place)) {
      try {
        IntStream.range(0, replicas)
            .forEach(replica -> daemons.add(cluster.startHere(replica, clock)));
        cluster.awaitShared(replicas);
        cluster.grow(ENTRIES);
        course.run(cluster, daemons);
        cluster.awaitAllTold();
        cluster.until("all write again", () -> untroubled(daemons));
        cluster.awaitShared(replicas);
        cluster.until("no task fails any more", () -> noTaskFails(daemons.getFirst()));
      } finally {
        daemons.forEach(Daemon::close);
      }
      cluster.assertNothingLostNorInvented(Kind.DATABASE_AWAY);
    }
  }

  private static boolean noTaskFails(Daemon daemon) {
    return daemon.conditions().stream().allMatch(it -> it.kind() == Kind.DATABASE_AWAY);
  }

  private static boolean untroubled(List<Daemon> daemons) {
    return daemons.stream().allMatch(daemon -> daemon.store().trouble().isEmpty());
  }

  private static boolean troubled(List<Daemon> daemons) {
    return daemons.stream().allMatch(daemon -> daemon.store().trouble().isPresent());
  }

  /// Whether these judged everything, as they say themselves: the server may not be asked.
  private static boolean judged(Cluster cluster, List<Daemon> daemons) {
    return cluster.logs().entrySet().stream()
        .allMatch(log ->
            daemons.stream()
                .flatMap(daemon -> daemon.logs().stream())
                .anyMatch(status ->
                    status.log().equals(log.getKey())
                        && status.position() == log.getValue().log().published()));
  }

  @Test
  void server_that_crashes_and_starts_again_loses_and_doubles_nothing() throws Exception {
    with(
        database(),
        3,
        (cluster, daemons) -> {
          server.crash();
          cluster.grow(ENTRIES);
          cluster.until("all say so", () -> troubled(daemons));
          server.start();
          cluster.awaitAllTold();
          // In the middle of everybody's work.
          cluster.grow(ENTRIES);
          server.crash();
          server.start();
        });
  }

  @Test
  void standby_that_takes_over_is_found_and_has_all_that_was_committed() throws Exception {
    try (OwnPostgres first = OwnPostgres.in(folder.resolve("first"), Map.of()).start();
        OwnPostgres second = first.standby(folder.resolve("second")).start()) {
      first.execute(
          "CREATE DATABASE sigwarden",
          "ALTER SYSTEM SET synchronous_standby_names = '*'",
          "SELECT pg_reload_conf()");
      StorePlace.Server both =
          Postgres.on(
              "127.0.0.1:%d,127.0.0.1:%d".formatted(first.port(), second.port()), "sigwarden");
      with(
          both,
          2,
          (cluster, _) -> {
            cluster.awaitAllTold();
            cluster.grow(ENTRIES);
            first.crash();
            second.execute("SELECT pg_promote()");
            cluster.grow(ENTRIES);
          });
    }
  }

  @Test
  void connections_that_are_cut_in_the_middle_of_commits_lose_and_double_nothing()
      throws Exception {
    with(
        database(),
        2,
        (cluster, _) -> {
          for (int cut = 0; cut < CUTS; cut++) {
            int replica = cut % 2;
            cluster.way(replica).cutNextCommit(cut % 4 < 2 ? Cut.AFTER : Cut.BEFORE);
            cluster.grow(5);
            cluster.until("it was cut", () -> !cluster.way(replica).isWaiting());
          }
        });
  }

  @Test
  void sessions_that_the_server_throws_out_are_made_again() throws Exception {
    StorePlace.Server place = database();
    with(
        place,
        2,
        (cluster, daemons) -> {
          for (int time = 0; time < CUTS; time++) {
            cluster.grow(5);
            Postgres.execute(
                place,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name = 'sigwarden'");
            // Every other time the next comes in the middle.
            boolean waiting = time % 2 == 1;
            cluster.until("judged", () -> !waiting || judged(cluster, daemons));
          }
        });
  }

  @Test
  void server_without_a_free_connection_is_used_by_those_that_there_are() throws Exception {
    StorePlace.Server place = database();
    with(
        place,
        2,
        (cluster, daemons) -> {
          List<Connection> hogs = hogs(place);
          try {
            cluster.grow(ENTRIES);
            cluster.until("judged", () -> judged(cluster, daemons));
          } finally {
            for (Connection hog : hogs) {
              hog.close();
            }
          }
        });
  }

  /// All connections that the server has left.
  private static List<Connection> hogs(StorePlace.Server place) throws SQLException {
    List<Connection> hogs = new ArrayList<>();
    while (hogs.size() <= MOST_CONNECTIONS) {
      try {
        hogs.add(
            DriverManager.getConnection(
                "jdbc:postgresql://%s/%s?user=%s"
                    .formatted(place.hosts(), place.database(), place.user())));
      } catch (SQLException e) {
        assertThat(e.getSQLState()).isEqualTo(TOO_MANY);
        return hogs;
      }
    }
    throw new AssertionError("the server has no end");
  }

  @Test
  void server_that_only_reads_is_told_and_used_once_it_takes_writes() throws Exception {
    with(
        database(),
        2,
        (cluster, daemons) -> {
          server.execute(
              "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
          try {
            cluster.grow(ENTRIES);
            cluster.until("both say so", () -> troubled(daemons));
            assertThat(daemons)
                .allSatisfy(daemon ->
                    assertThat(daemon.store().trouble().orElse(""))
                        .containsAnyOf("read-only transaction", "targetServerType: primary"));
          } finally {
            server.execute(
                "SET default_transaction_read_only = off",
                "ALTER SYSTEM RESET default_transaction_read_only",
                "SELECT pg_reload_conf()");
          }
        });
  }

  @Test
  void server_whose_disk_is_full_is_told_and_goes_on_once_there_is_room() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        done("mount", "-t", "tmpfs", "-o", "size=" + DISK + "m,mode=700", "tmpfs", disk.toString()),
        "nobody here may mount");
    String name = "full_" + DATABASES.incrementAndGet();
    try {
      server.execute("CREATE TABLESPACE " + name + " LOCATION '" + disk + "'");
      server.execute("CREATE DATABASE " + name + " TABLESPACE " + name);
      StorePlace.Server place = server.database(name);
      with(
          place,
          2,
          (cluster, daemons) -> {
            cluster.awaitAllTold();
            // Kept, since a full disk takes no new session either.
            try (Connection kept = Postgres.connect(place);
                Statement statement = kept.createStatement()) {
              statement.execute("CREATE TABLE ballast (bytes text)");
              fill(statement);
              cluster.grow(ENTRIES);
              cluster.until("one says so", () -> saysFull(daemons));
              statement.execute("DROP TABLE ballast");
            }
          });
    } finally {
      server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
      server.execute("DROP TABLESPACE IF EXISTS " + name);
      assertThat(done("umount", disk.toString())).isTrue();
    }
  }

  /// Takes all room that is left, in small parts.
  private static void fill(Statement insert) {
    try {
      for (int part = 0; part < DISK << 10; part++) {
        insert.execute("INSERT INTO ballast SELECT repeat('x', 1000) FROM generate_series(1, 8)");
      }
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("No space left on device");
      return;
    }
    throw new AssertionError("the disk has no end");
  }

  private static boolean saysFull(List<Daemon> daemons) {
    return daemons.stream()
        .anyMatch(daemon ->
            daemon
                .store()
                .trouble()
                .filter(it -> it.contains("No space left on device"))
                .isPresent());
  }

  private static boolean done(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void server_that_is_slow_holds_nothing_up_for_good() throws Exception {
    with(
        database(),
        2,
        (cluster, _) -> {
          Stream.of(0, 1).forEach(replica -> cluster.way(replica).delay(SLOW));
          cluster.grow(ENTRIES);
          cluster.awaitAllTold();
          Stream.of(0, 1).forEach(replica -> cluster.way(replica).pass());
        });
  }

  @Test
  void replica_whose_packets_are_lost_is_taken_over_and_what_arrives_late_changes_nothing()
      throws Exception {
    with(
        database(),
        2,
        (cluster, daemons) -> {
          cluster.way(0).hold();
          cluster.grow(ENTRIES);
          cluster.awaitAllTold();
          cluster.until("it believes in none", () -> daemons.getFirst().logs().isEmpty());
          cluster.way(0).pass();
          cluster.grow(ENTRIES);
        });
  }
}
