package dev.sigwarden.store;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

/// A database of the newest version, held for as long as whole tables are read or written.
sealed interface OpenPlace extends AutoCloseable {
  /// A connection in a transaction that sees one state of the database, rolled back unless it is
  /// committed.
  Connection connect() throws SQLException;

  @Override
  void close();

  /// Opens and migrates it; a file is taken for this process.
  static OpenPlace open(StorePlace place, Clock clock) {
    return switch (place) {
      case StorePlace.SqlitePath(var path) -> new File(SqliteFile.open(path, clock));
      case StorePlace.Server server -> {
        PostgresServer postgres = new PostgresServer(server);
        postgres.open().close();
        yield new Server(postgres.once());
      }
    };
  }

  /// A file.
  record File(SqliteFile file) implements OpenPlace {
    @Override
    public Connection connect() throws SQLException {
      Connection connection = file.open(false);
      connection.setAutoCommit(false);
      return connection;
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /// A server.
  record Server(AgroalDataSource pool) implements OpenPlace {
    @Override
    public Connection connect() throws SQLException {
      Connection connection = pool.getConnection();
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return connection;
    }

    @Override
    public void close() {
      pool.close();
    }
  }
}
