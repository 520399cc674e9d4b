package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Transactions: one writer, so that writes never wait for each other inside the database, and a
/// few readers that see what is committed.
///
/// Work runs on platform threads of this class, and the caller waits. SQLite is native code: a
/// virtual thread inside it pins its carrier, and a slow disk would stop every virtual thread of
/// the process.
final class Database implements AutoCloseable {
  /// Connections that read, so many that a look-up does not wait for another on a small machine.
  static final int READERS = 3;

  private static final Logger LOG = Logger.getLogger(Database.class);

  /// Opens one more connection.
  @FunctionalInterface
  interface Source {
    Connection open(boolean readOnly) throws SQLException;
  }

  /// What to do in one transaction.
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException, StaleStateException;
  }

  /// What to do in one transaction that replaces no state known before.
  @FunctionalInterface
  interface PlainWork<T> {
    T run(Connection connection) throws SQLException;
  }

  /// What to change in one transaction.
  @FunctionalInterface
  interface Change {
    void run(Connection connection) throws SQLException, StaleStateException;
  }

  /// What to change in one transaction that replaces no state known before.
  @FunctionalInterface
  interface PlainChange {
    void run(Connection connection) throws SQLException;
  }

  private final Source source;
  private final ExecutorService writing = threads("sigwarden-store-write", 1);
  private final ExecutorService reading = threads("sigwarden-store-read-", READERS);
  private final BlockingQueue<Connection> readers = new LinkedBlockingQueue<>();

  /// Owned by the one thread of `writing`; null until first used and after a transaction that could
  /// not be rolled back.
  private @Nullable Connection writer;

  /// What the last transaction that was to write failed with; empty if it was committed.
  private volatile String trouble = "";

  Database(Source source) {
    this.source = source;
  }

  /// Runs `work` in one transaction: all of it is written when this returns, and nothing of it when
  /// this throws, whatever the work threw.
  ///
  /// @param doing what is being done, for the error message: `commit of rekor-2025`
  <T> T write(String doing, Work<T> work) throws StaleStateException {
    return await(doing, submit(doing, writing, () -> watched(doing, work)));
  }

  /// What the last transaction that was to write failed with; empty if it was committed.
  Optional<String> trouble() {
    return Optional.of(trouble).filter(what -> !what.isEmpty());
  }

  private <T> T watched(String doing, Work<T> work) throws SQLException, StaleStateException {
    try {
      T value = transaction(work);
      trouble = "";
      return value;
    } catch (SQLException e) {
      trouble = doing + ": " + e.getMessage();
      throw e;
    }
  }

  /// Runs work that replaces no state known before in one transaction.
  <T> T update(String doing, PlainWork<T> work) {
    try {
      return write(doing, work::run);
    } catch (StaleStateException e) {
      throw new IllegalStateException(doing + " compares nothing", e);
    }
  }

  /// Makes a change in one transaction, as `write`.
  void change(String doing, Change change) throws StaleStateException {
    var _ =
        write(
            doing,
            c -> {
              change.run(c);
              return true;
            });
  }

  /// Makes a change that replaces no state known before, as `update`.
  void plainChange(String doing, PlainChange change) {
    var _ =
        update(
            doing,
            c -> {
              change.run(c);
              return true;
            });
  }

  /// Runs queries on committed state; each query is one snapshot.
  <T> T read(String doing, PlainWork<T> work) {
    Future<T> result =
        submit(
            doing,
            reading,
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
    try {
      return await(doing, result);
    } catch (StaleStateException e) {
      throw new IllegalStateException(doing + " compares nothing", e);
    }
  }

  private <T> T transaction(Work<T> work) throws SQLException, StaleStateException {
    Connection connection = writer;
    if (connection == null) {
      connection = source.open(false);
      connection.setAutoCommit(false);
      writer = connection;
    }
    boolean committed = false;
    try {
      T value = work.run(connection);
      connection.commit();
      committed = true;
      return value;
    } finally {
      if (!committed) {
        rollback(connection);
      }
    }
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

  private static <T> Future<T> submit(
      String doing, ExecutorService threads, java.util.concurrent.Callable<T> task) {
    try {
      return threads.submit(task);
    } catch (RejectedExecutionException e) {
      throw new StoreException(doing + ": the store is closed", e);
    }
  }

  /// Waits to the end even when interrupted, since a transaction's outcome must be known; the
  /// interrupt is kept for the caller.
  private static <T> T await(String doing, Future<T> result) throws StaleStateException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StaleStateException stale -> throw stale;
        case SQLException database ->
            throw new StoreException(doing + ": " + database.getMessage(), database);
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(doing, e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ExecutorService threads(String name, int count) {
    return Executors.newFixedThreadPool(
        count, Thread.ofPlatform().daemon().name(name, 0).factory());
  }

  /// Finishes what is under way and closes every connection.
  @Override
  public void close() {
    reading.close();
    writing.close();
    readers.forEach(Database::close);
    readers.clear();
    if (writer != null) {
      close(writer);
      writer = null;
    }
  }
}
