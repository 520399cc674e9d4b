package dev.sigwarden.store;

import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Prepared statements with their parameters in order, and the column forms of this schema.
final class Sql {
  /// Runs of one statement that are sent to a server at once: drivers hold their parameters.
  private static final int BATCH = 500;

  private Sql() {}

  /// Makes one value of the current row.
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Runs a statement that changes rows, and returns how many.
  static int update(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.executeUpdate();
    }
  }

  /// Runs a statement that changes rows once for each of `items`.
  ///
  /// @param parameters the statement's parameters for an item
  static <T> void updateAll(
      Connection connection,
      String sql,
      Collection<T> items,
      Function<? super T, List<?>> parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int waiting = 0;
      for (T item : items) {
        bind(statement, parameters.apply(item).toArray());
        statement.addBatch();
        waiting++;
        if (waiting % BATCH == 0) {
          var _ = statement.executeBatch();
        }
      }
      if (waiting % BATCH != 0) {
        var _ = statement.executeBatch();
      }
    }
  }

  /// Every row of a query; the statement carries its own `LIMIT`.
  static <T> List<T> all(
      Connection connection, Row<T> reader, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> values = new ArrayList<>();
        while (rows.next()) {
          values.add(reader.read(rows));
        }
        return values;
      }
    }
  }

  /// The first row of a query.
  static <T> Optional<T> first(
      Connection connection, Row<T> reader, String sql, @Nullable Object... parameters)
      throws SQLException {
    return all(connection, reader, sql, parameters).stream().findFirst();
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      switch (parameters[i]) {
        case null -> statement.setObject(i + 1, null);
        case String text -> statement.setString(i + 1, storable(text));
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case Instant time -> statement.setLong(i + 1, millis(time));
        case Hash hash -> statement.setBytes(i + 1, hash.toBytes());
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case Object other -> throw new IllegalArgumentException("parameter " + other.getClass());
      }
    }
  }

  /// The text with its NULs shown: PostgreSQL takes none, and what a log writes must not keep its
  /// position from moving.
  static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\u2400');
  }

  /// Milliseconds since 1970; a time too far away for them, which only a log can have made up,
  /// becomes the farthest there is.
  private static long millis(Instant time) {
    try {
      return time.toEpochMilli();
    } catch (ArithmeticException e) {
      return time.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  /// The time in the column, empty for null.
  static Optional<Instant> optionalTime(ResultSet row, String column) throws SQLException {
    Instant time = time(row, column);
    return row.wasNull() ? Optional.empty() : Optional.of(time);
  }

  static Hash hash(ResultSet row, String column) throws SQLException {
    List<Hash> hashes = hashes(row, column);
    if (hashes.size() != 1) {
      throw new SQLException(column + ": " + hashes.size() + " hashes (expected: 1)");
    }
    return hashes.getFirst();
  }

  static List<Hash> hashes(ResultSet row, String column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    // Some drivers return an empty value as null.
    int length = bytes == null ? 0 : bytes.length;
    if (length % Hash.LENGTH != 0) {
      throw new SQLException(
          column + ": " + length + " bytes (expected: a multiple of " + Hash.LENGTH + ")");
    }
    List<Hash> hashes = new ArrayList<>(length / Hash.LENGTH);
    for (int offset = 0; offset < length; offset += Hash.LENGTH) {
      hashes.add(Hash.of(bytes, offset));
    }
    return hashes;
  }

  /// The hashes side by side.
  static byte[] joined(List<Hash> hashes) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(hashes.size() * Hash.LENGTH);
    hashes.forEach(hash -> joined.writeBytes(hash.toBytes()));
    return joined.toByteArray();
  }
}
