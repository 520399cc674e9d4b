package dev.sigwarden.store;

import java.sql.SQLException;
import java.util.Optional;

/// Whether a database takes writes: what the last transaction that was to write failed with.
/// Thread-safe.
final class WriteTrouble {
  private volatile String last = "";

  /// One transaction.
  @FunctionalInterface
  interface Writing<T> {
    T run() throws SQLException, StaleStateException;
  }

  /// Runs a transaction and remembers how it ended.
  ///
  /// @param doing what is being done, for the message
  <T> T watched(String doing, Writing<T> writing) throws SQLException, StaleStateException {
    try {
      T value = writing.run();
      last = "";
      return value;
    } catch (StaleStateException e) {
      // The database answered.
      last = "";
      throw e;
    } catch (SQLException e) {
      last = doing + ": " + e.getMessage();
      throw e;
    }
  }

  /// What the last one failed with; empty if it did not.
  Optional<String> last() {
    return Optional.of(last).filter(what -> !what.isEmpty());
  }
}
