package dev.sigwarden.store;

import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Copies all of one database into another, empty one, reads it back and compares: in one
/// transaction, so that either all of it is there and proven to be, or nothing is.
///
/// What belongs to running processes stays behind: who they are and which tasks they have.
public final class StoreCopy {
  /// What is not copied: Flyway's own table, and what belongs to processes.
  private static final Set<String> LEFT = Set.of("flyway_schema_history", "replica", "task_lease");

  /// Rows handed over at once; an entry of a log may have a megabyte.
  private static final int BATCH = 50;

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * Hash.LENGTH);

  private final Map<String, Digest> fresh;
  private final Connection from;
  private final Connection to;
  private final Consumer<CopiedTable> progress;

  private StoreCopy(
      Map<String, Digest> fresh, Connection from, Connection to, Consumer<CopiedTable> progress) {
    this.fresh = fresh;
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  /// Copies. A failure leaves nothing in the target. Both are brought to the newest version first.
  ///
  /// @param progress told of each table that was copied and found the same
  /// @throws StoreException if one cannot be opened, `to` is not empty, or the copy differs
  public static void copy(
      StorePlace from, StorePlace to, Clock clock, Consumer<CopiedTable> progress) {
    try (OpenPlace source = OpenPlace.open(from, clock);
        OpenPlace target = OpenPlace.open(to, clock);
        Connection reading = source.connect();
        Connection writing = target.connect()) {
      boolean whole = false;
      try {
        new StoreCopy(fresh(clock), reading, writing, progress).run();
        writing.commit();
        whole = true;
      } finally {
        if (!whole) {
          // A pool would commit what is left when it takes a connection back.
          writing.rollback();
        }
        reading.rollback();
      }
    } catch (SQLException e) {
      throw new StoreException(
          "copy of %s to %s: %s".formatted(from.shown(), to.shown(), e.getMessage()), e);
    }
  }

  private void run() throws SQLException {
    List<String> tables = inOrder(to);
    if (!Set.copyOf(tables).equals(Set.copyOf(inOrder(from)))) {
      throw new StoreException(
          "the tables differ: %s and %s (expected: the same)".formatted(inOrder(from), tables));
    }
    for (String table : tables) {
      Digest there = Digest.of(to, table);
      if (!there.isSameAs(fresh.getOrDefault(table, new Digest()))) {
        throw new StoreException(
            "the target has %d rows in %s (expected: an empty database)"
                .formatted(there.rows, table));
      }
      // What every new database begins with, and the source has as it became.
      try (Statement statement = to.createStatement()) {
        int _ = statement.executeUpdate("DELETE FROM " + table);
      }
    }
    Map<String, Digest> written = new LinkedHashMap<>();
    for (String table : tables) {
      written.put(table, copy(table));
    }
    for (Map.Entry<String, Digest> table : written.entrySet()) {
      Digest stored = Digest.of(to, table.getKey());
      if (!stored.isSameAs(table.getValue())) {
        throw new StoreException(
            "the copy of %s differs: %s (expected: %s)"
                .formatted(table.getKey(), stored, table.getValue()));
      }
      progress.accept(new CopiedTable(table.getKey(), stored.rows, stored.hex()));
    }
  }

  private Digest copy(String table) throws SQLException {
    Digest digest = new Digest();
    List<Map<String, @Nullable Object>> batch = new ArrayList<>();
    read(
        from,
        table,
        row -> {
          digest.add(row);
          batch.add(row);
          if (batch.size() == BATCH) {
            insert(table, batch);
            batch.clear();
          }
        });
    insert(table, batch);
    return digest;
  }

  private void insert(String table, List<Map<String, @Nullable Object>> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    List<String> columns = List.copyOf(rows.getFirst().keySet());
    String sql =
        "INSERT INTO %s (%s) VALUES (%s)"
            .formatted(
                table,
                String.join(", ", columns),
                String.join(", ", Collections.nCopies(columns.size(), "?")));
    try (PreparedStatement statement = to.prepareStatement(sql)) {
      for (Map<String, @Nullable Object> row : rows) {
        int place = 1;
        for (String column : columns) {
          switch (row.get(column)) {
            case null -> statement.setObject(place, null);
            case String text -> statement.setString(place, text);
            case Long number -> statement.setLong(place, number);
            case byte[] bytes -> statement.setBytes(place, bytes);
            case Object other -> throw new SQLException("column " + column + ": " + other);
          }
          place++;
        }
        statement.addBatch();
      }
      int[] _ = statement.executeBatch();
    }
  }

  @FunctionalInterface
  private interface RowReader {
    void read(Map<String, @Nullable Object> row) throws SQLException;
  }

  /// Every row, its columns by name, as `String`, `Long` or bytes.
  private static void read(Connection connection, String table, RowReader reader)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(BATCH);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          Map<String, @Nullable Object> row = new TreeMap<>();
          for (int i = 1; i <= columns; i++) {
            row.put(rows.getMetaData().getColumnName(i), value(rows.getObject(i)));
          }
          reader.read(row);
        }
      }
    }
  }

  private static @Nullable Object value(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case String text -> Sql.storable(text);
      case Integer number -> number.longValue();
      case Long number -> number;
      case byte[] bytes -> bytes;
      case Object other -> throw new SQLException("a value of " + other.getClass());
    };
  }

  /// What a database has that was made just now, by table.
  private static Map<String, Digest> fresh(Clock clock) throws SQLException {
    try {
      Path folder = Files.createTempDirectory("sigwarden-empty");
      Path file = folder.resolve("empty.db");
      Map<String, Digest> digests = new TreeMap<>();
      try (OpenPlace empty = OpenPlace.open(new StorePlace.SqlitePath(file), clock);
          Connection connection = empty.connect()) {
        for (String table : inOrder(connection)) {
          digests.put(table, Digest.of(connection, table));
        }
      } finally {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path one : files.toList()) {
            Files.delete(one);
          }
        }
        Files.delete(folder);
      }
      return digests;
    } catch (IOException e) {
      throw new StoreException("an empty database cannot be made: " + e.getMessage(), e);
    }
  }

  /// The tables, those first that others refer to.
  private static List<String> inOrder(Connection connection) throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    Map<String, Set<String>> needs = new TreeMap<>();
    try (ResultSet tables =
        meta.getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME");
        if (!LEFT.contains(name) && !name.startsWith("sqlite_")) {
          needs.put(name, new TreeSet<>());
        }
      }
    }
    for (Map.Entry<String, Set<String>> table : needs.entrySet()) {
      try (ResultSet keys = meta.getImportedKeys(null, connection.getSchema(), table.getKey())) {
        while (keys.next()) {
          table.getValue().add(keys.getString("PKTABLE_NAME"));
        }
      }
    }
    Set<String> ordered = new LinkedHashSet<>();
    while (ordered.size() < needs.size()) {
      int before = ordered.size();
      needs.forEach((name, needed) -> {
        if (ordered.containsAll(needed)) {
          ordered.add(name);
        }
      });
      if (ordered.size() == before) {
        throw new SQLException("tables that refer to each other: " + needs.keySet());
      }
    }
    return List.copyOf(ordered);
  }

  /// How many rows, and the sum of their SHA-256 hashes, which does not depend on their order.
  private static final class Digest {
    private long rows;
    private BigInteger sum = BigInteger.ZERO;

    static Digest of(Connection connection, String table) throws SQLException {
      Digest digest = new Digest();
      read(connection, table, digest::add);
      return digest;
    }

    void add(Map<String, @Nullable Object> row) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        for (Map.Entry<String, @Nullable Object> column : row.entrySet()) {
          write(out, 'c', column.getKey().getBytes(StandardCharsets.UTF_8));
          switch (column.getValue()) {
            case null -> write(out, '0', new byte[0]);
            case String text -> write(out, 't', text.getBytes(StandardCharsets.UTF_8));
            case byte[] content -> write(out, 'b', content);
            case Object number ->
                write(out, 'n', number.toString().getBytes(StandardCharsets.UTF_8));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      rows++;
      sum = sum.add(new BigInteger(1, Hash.ofData(bytes.toByteArray()).toBytes())).mod(MODULUS);
    }

    private static void write(DataOutputStream out, char kind, byte[] bytes) throws IOException {
      out.writeByte(kind);
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    boolean isSameAs(Digest other) {
      return rows == other.rows && sum.equals(other.sum);
    }

    String hex() {
      return "%064x".formatted(sum);
    }

    @Override
    public String toString() {
      return rows + " rows, " + hex();
    }
  }
}
