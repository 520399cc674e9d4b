package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Transactions on a file: one writer, so that writes never wait for each other inside the
/// database, and a few readers that see what is committed.
///
/// SQLite is native code: on virtual threads a slow disk would stop every one of the process.
final class FileDatabase implements Database {
  /// Connections that read, so many that a look-up does not wait for another on a small machine.
  static final int READERS = 3;

  private static final Logger LOG = Logger.getLogger(FileDatabase.class);

  /// Opens one more connection.
  @FunctionalInterface
  interface Source {
    Connection open(boolean readOnly) throws SQLException;
  }

  private final Source source;
  private final StoreThreads writing = new StoreThreads("sigwarden-store-write", 1);
  private final StoreThreads reading = new StoreThreads("sigwarden-store-read-", READERS);
  private final BlockingQueue<Connection> readers = new LinkedBlockingQueue<>();

  /// Owned by the one thread of `writing`; null until first used and after a transaction that could
  /// not be rolled back.
  private @Nullable Connection writer;

  private final WriteTrouble trouble = new WriteTrouble();

  FileDatabase(Source source) {
    this.source = source;
  }

  @Override
  public <T> T write(String doing, Work<T> work) throws StaleStateException {
    return writing.run(doing, () -> trouble.watched(doing, () -> transaction(work)));
  }

  @Override
  public Optional<String> trouble() {
    return trouble.last();
  }

  @Override
  public Optional<WriteFailure> failing() {
    return trouble.failing();
  }

  @Override
  public <T> T read(String doing, PlainWork<T> work) {
    return reading.runPlain(
        doing,
        () -> {
          Connection connection = readers.poll();
          if (connection == null) {
            connection = source.open(true);
          }
          boolean good = false;
          try {
            T value = work.run(connection);
            good = true;
            return value;
          } finally {
            if (good) {
              readers.add(connection);
            } else {
              close(connection);
            }
          }
        });
  }

  private <T> T transaction(Work<T> work) throws SQLException, StaleStateException {
    Connection connection = writer;
    if (connection == null) {
      connection = source.open(false);
      connection.setAutoCommit(false);
      writer = connection;
    }
    return Database.transaction(connection, work, Connection::commit, this::rollback);
  }

  private void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // SQLite has rolled back by itself after a full disk or an I/O error; start afresh in any
      // case.
      LOG.debug("rollback failed, the connection is replaced", e);
      writer = null;
      close(connection);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("closing a connection failed", e);
    }
  }

  @Override
  public void close() {
    reading.close();
    writing.close();
    readers.forEach(FileDatabase::close);
    readers.clear();
    if (writer != null) {
      close(writer);
      writer = null;
    }
  }
}
