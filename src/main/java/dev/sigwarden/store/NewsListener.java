package dev.sigwarden.store;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Hears what is told when transactions are committed (`V11__news.sql`), on a connection and a
/// thread of its own. News may be missed while there is no connection, so everything counts as told
/// when there is one again; whoever listens looks now and then all the same.
final class NewsListener implements Replicas.Listening {
  private static final Logger LOG = Logger.getLogger(NewsListener.class);

  private static final List<String> ALL = List.of("deliveries", "conditions", "tasks");

  /// How long to wait for news before the connection is looked at: the longest that a dead one goes
  /// unnoticed.
  private static final Duration QUIET = Duration.ofSeconds(10);

  /// Between two attempts to connect.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final PostgresServer server;
  private final Consumer<String> heard;
  private final Thread thread;
  private volatile boolean closed;

  NewsListener(PostgresServer server, Consumer<String> heard) {
    this.server = server;
    this.heard = heard;
    this.thread = Thread.ofPlatform().daemon().name("sigwarden-store-news").start(this::run);
  }

  private void run() {
    while (!closed) {
      try (AgroalDataSource one = server.plain();
          Connection connection = one.getConnection()) {
        listen(connection);
      } catch (SQLException | StoreException e) {
        LOG.debugf("no news from the database: %s", e.getMessage());
      } catch (RuntimeException e) {
        // The boundary of one connection: another one is made.
        LOG.error("news from the database met an error of Sigwarden's own", e);
      }
      pause();
    }
  }

  private void pause() {
    try {
      if (!closed) {
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN sigwarden");
    }
    ALL.forEach(heard);
    PGConnection postgres = connection.unwrap(PGConnection.class);
    while (!closed) {
      PGNotification[] news = postgres.getNotifications((int) QUIET.toMillis());
      if (news == null || news.length == 0) {
        if (!connection.isValid((int) QUIET.toSeconds())) {
          return;
        }
      } else {
        List.of(news).stream().map(PGNotification::getParameter).distinct().forEach(heard);
      }
    }
  }

  /// Ends listening; the connection is closed soon.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
