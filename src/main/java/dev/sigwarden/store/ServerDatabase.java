package dev.sigwarden.store;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/// Transactions on a server that others use too: serializable, so that what is compared inside one
/// holds when it is written, whoever writes at the same time. One that another was in the way of,
/// or whose connection was lost, is repeated.
///
/// A connection that is lost while a commit is under way leaves open whether it was made. Then the
/// server is asked what became of that very transaction: nothing that was written is written again,
/// and nothing that was not counts as written.
final class ServerDatabase implements Database {
  private static final Logger LOG = Logger.getLogger(ServerDatabase.class);

  /// Runs of work that others were in the way of, or that found the server full: with the pauses
  /// between them far more than the replicas of one database need.
  static final int CONFLICTS = 30;

  /// Runs of work whose connection was lost: a server that restarts is met by the next turn, one
  /// that closed idle connections by this one.
  static final int CONNECTIONS = 4;

  private static final int FIRST_PAUSE_MILLIS = 5;
  private static final int LONGEST_PAUSE_MILLIS = 500;

  /// How long it is asked what became of a commit: a server needs a moment to notice that whoever
  /// asked for it is gone.
  private static final Duration ASKED_FOR = Duration.ofSeconds(15);

  private final AgroalDataSource writers;
  private final AgroalDataSource readers;
  private final StoreThreads writing;
  private final StoreThreads reading;

  private final WriteTrouble trouble = new WriteTrouble();

  /// @param writers serializable connections without automatic commits
  /// @param readers connections that only read, each statement for itself
  /// @param connections how many each of them has
  ServerDatabase(AgroalDataSource writers, AgroalDataSource readers, int connections) {
    this.writers = writers;
    this.readers = readers;
    this.writing = new StoreThreads("sigwarden-store-write-", connections);
    this.reading = new StoreThreads("sigwarden-store-read-", connections);
  }

  @Override
  public <T> T write(String doing, Work<T> work) throws StaleStateException {
    return writing.run(
        doing, () -> trouble.watched(doing, () -> repeated(doing, () -> once(work))));
  }

  @Override
  public <T> T read(String doing, PlainWork<T> work) {
    return reading.runPlain(
        doing,
        () ->
            repeated(
                doing,
                () -> {
                  try (Connection connection = readers.getConnection()) {
                    return work.run(connection);
                  }
                }));
  }

  @Override
  public Optional<String> trouble() {
    return trouble.last();
  }

  @Override
  public Optional<WriteFailure> failing() {
    return trouble.failing();
  }

  private <T> T repeated(String doing, WriteTrouble.Writing<T> attempt)
      throws SQLException, StaleStateException {
    int conflicts = 0;
    int lost = 0;
    while (true) {
      try {
        return attempt.run();
      } catch (SQLException e) {
        boolean again =
            switch (Lost.of(e)) {
              case CONFLICT, FULL -> ++conflicts < CONFLICTS;
              case CONNECTION -> {
                // The others of the pool are gone with it, most likely.
                writers.flush(AgroalDataSource.FlushMode.IDLE);
                readers.flush(AgroalDataSource.FlushMode.IDLE);
                yield ++lost < CONNECTIONS;
              }
              case NOTHING -> false;
            };
        if (!again || !pause(conflicts + lost)) {
          throw e;
        }
        LOG.debugf("%s is repeated: %s", doing, e.getMessage());
      }
    }
  }

  /// False if it was interrupted: the store is being closed.
  private static boolean pause(int attempt) {
    int longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(longest) + 1L);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private <T> T once(Work<T> work) throws SQLException, StaleStateException {
    Connection connection = writers.getConnection();
    try {
      return Database.transaction(connection, work, this::commit, ServerDatabase::rollback);
    } finally {
      close(connection);
    }
  }

  private void commit(Connection connection) throws SQLException {
    String transaction = transaction(connection);
    try {
      connection.commit();
    } catch (SQLException e) {
      // Without an id nothing was written, so it can be done again whatever became of it.
      if (transaction.isEmpty() || Lost.of(e) != Lost.CONNECTION || !wasCommitted(transaction, e)) {
        throw e;
      }
      LOG.info("a commit whose answer was lost had been made");
    }
  }

  /// The server's id of the transaction under way; empty if it has written nothing.
  private static String transaction(Connection connection) throws SQLException {
    return Sql.all(
            connection,
            row -> Optional.ofNullable(row.getString(1)).orElse(""),
            "SELECT CAST(pg_current_xact_id_if_assigned() AS text)")
        .getFirst();
  }

  /// Whether a commit was made of which no answer came.
  ///
  /// @throws SQLException that says so if that cannot be told
  private boolean wasCommitted(String transaction, SQLException lost) throws SQLException {
    long end = System.nanoTime() + ASKED_FOR.toNanos();
    String last = "";
    for (int attempt = 0; System.nanoTime() < end; attempt++) {
      try (Connection connection = readers.getConnection()) {
        last =
            Sql.all(
                    connection,
                    row -> Optional.ofNullable(row.getString(1)).orElse("unknown"),
                    "SELECT pg_xact_status(CAST(? AS xid8))",
                    transaction)
                .getFirst();
        switch (last) {
          case "committed" -> {
            return true;
          }
          case "aborted" -> {
            return false;
          }
          default -> LOG.debugf("transaction %s: %s", transaction, last);
        }
      } catch (SQLException e) {
        last = String.valueOf(e.getMessage());
        readers.flush(AgroalDataSource.FlushMode.IDLE);
      }
      if (!pause(attempt)) {
        break;
      }
    }
    throw new SQLException(
        "the connection was lost during the commit, and whether it was made cannot be asked ("
            + last
            + ")",
        Lost.UNRESOLVED,
        lost);
  }

  private static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOG.debug("rollback failed; the server rolls back what lost its connection", e);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("giving a connection back failed", e);
    }
  }

  /// The program ends: from now on nobody waits for more than a few seconds for a server that does
  /// not answer.
  void hurry() {
    reading.hurry();
    writing.hurry();
  }

  @Override
  public void close() {
    reading.close();
    writing.close();
    readers.close();
    writers.close();
  }
}
