package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;

/// Transactions. Work runs on threads of the database's own while the caller waits, to the end even
/// when interrupted, since a transaction's outcome must be known.
interface Database extends AutoCloseable {
  /// What to do in one transaction. May run again from the start after an attempt that changed
  /// nothing, so it keeps nothing from one run to the next.
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

  /// Runs `work` in one transaction, as if no other ran meanwhile: all of it is written when this
  /// returns, and nothing of it when this throws, whatever the work threw.
  ///
  /// @param doing what is being done, for the error message: `commit of rekor-2025`
  /// @throws StoreException if the database failed; one over a network may have been lost in the
  ///   very moment of the commit, which the message says then
  <T> T write(String doing, Work<T> work) throws StaleStateException;

  /// Runs queries on committed state; each query is one snapshot.
  <T> T read(String doing, PlainWork<T> work);

  /// What the last transaction that was to write failed with; empty if it was committed.
  Optional<String> trouble();

  /// What writes have failed with, and for how long; empty if they have not lately.
  Optional<WriteFailure> failing();

  /// Runs work that replaces no state known before in one transaction.
  default <T> T update(String doing, PlainWork<T> work) {
    try {
      return write(doing, work::run);
    } catch (StaleStateException e) {
      throw new IllegalStateException(doing + " compares nothing", e);
    }
  }

  /// Makes a change in one transaction, as `write`.
  default void change(String doing, Change change) throws StaleStateException {
    var _ =
        write(
            doing,
            c -> {
              change.run(c);
              return true;
            });
  }

  /// Makes a change that replaces no state known before, as `update`.
  default void plainChange(String doing, PlainChange change) {
    var _ =
        update(
            doing,
            c -> {
              change.run(c);
              return true;
            });
  }

  /// Runs `work` on a connection and commits it; what was not committed is rolled back.
  static <T> T transaction(
      Connection connection, Work<T> work, PlainChange commit, Consumer<Connection> rollback)
      throws SQLException, StaleStateException {
    boolean committed = false;
    try {
      T value = work.run(connection);
      commit.run(connection);
      committed = true;
      return value;
    } finally {
      if (!committed) {
        rollback.accept(connection);
      }
    }
  }

  /// Finishes what is under way and closes every connection.
  @Override
  void close();
}
