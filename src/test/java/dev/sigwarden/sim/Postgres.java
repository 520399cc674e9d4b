package dev.sigwarden.sim;

import dev.sigwarden.store.StorePlace;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A real PostgreSQL server, one for all tests of this process, with a database for each test.
public final class Postgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final int CONNECTIONS = 200;

  private Postgres() {}

  /// Started when first asked for; it ends with this process.
  private static final class Server {
    private static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("max_connections", Integer.toString(CONNECTIONS))
            .setServerConfig("timezone", "UTC")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// A new, empty database.
  public static StorePlace.Server database() {
    String name = "sigwarden_" + DATABASES.incrementAndGet();
    execute(at(port(), "postgres"), "CREATE DATABASE " + name);
    return at(port(), name);
  }

  /// The server's port on this machine.
  public static int port() {
    return Server.RUNNING.getPort();
  }

  /// A database of a server on this machine.
  public static StorePlace.Server at(int port, String database) {
    return on("127.0.0.1:" + port, database);
  }

  /// A database of those of these hosts that takes writes.
  public static StorePlace.Server on(String hosts, String database) {
    return new StorePlace.Server(
        hosts,
        database,
        "postgres",
        Optional.empty(),
        StorePlace.Tls.OFF,
        Optional.empty(),
        4,
        Duration.ofSeconds(20));
  }

  /// The same database by way of another port.
  public static StorePlace.Server through(int port, StorePlace.Server place) {
    return at(port, place.database());
  }

  /// The same with another longest time for one statement.
  public static StorePlace.Server impatient(StorePlace.Server place, Duration patience) {
    return new StorePlace.Server(
        place.hosts(),
        place.database(),
        place.user(),
        place.password(),
        place.tls(),
        place.authorities(),
        place.connections(),
        patience);
  }

  /// A connection of its own.
  public static Connection connect(StorePlace.Server place) {
    try {
      return DriverManager.getConnection(
          "jdbc:postgresql://%s/%s?user=%s"
              .formatted(place.hosts(), place.database(), place.user()));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /// Runs statements.
  public static void execute(StorePlace.Server place, String... statements) {
    try (Connection connection = connect(place);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
