package dev.sigwarden.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;

/// A SQLite database file held by this process: all that is particular to SQLite is here.
///
/// WAL with `synchronous=FULL` fsyncs on each commit: what was committed survives a power cut.
final class SqliteFile implements FileDatabase.Source, AutoCloseable {
  private static final String SCHEME = "sqlite:";

  /// How long a connection waits for another one's lock, in milliseconds. Within one process the
  /// only contender is a backup tool or a person with a shell.
  private static final int BUSY_TIMEOUT = 5_000;

  /// The write-ahead log is cut back to this after a large transaction, in bytes.
  private static final int JOURNAL_LIMIT = 64 << 20;

  /// Files up to this many bytes are checked whole when opened: about a second on a slow disk.
  /// Damage in larger ones shows when the damaged page is read.
  private static final long CHECKED_BYTES = 256L << 20;

  /// Marks the file as ours ("SIGW"), so that another program's database is never migrated.
  private static final int APPLICATION_ID = 0x53494757;

  private final Path path;
  private final OwnerLock lock;

  private SqliteFile(Path path, OwnerLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /// The path in a URL `sqlite:PATH`.
  static Path path(String url) {
    if (!url.startsWith(SCHEME) || url.length() == SCHEME.length()) {
      // The URL of another kind of database may hold a password.
      throw new StoreException("database: not a known kind (expected: sqlite:PATH)");
    }
    try {
      return Path.of(url.substring(SCHEME.length()));
    } catch (InvalidPathException e) {
      throw new StoreException("database: not a path (expected: sqlite:PATH)", e);
    }
  }

  /// Creates or opens the file, takes it for this process, checks and migrates it.
  static SqliteFile open(Path path, Clock clock) {
    if (path.toString().indexOf('?') >= 0) {
      throw new StoreException("database %s: its name has a question mark".formatted(path));
    }
    // A backup that was put back by another user opens, and fails at the first write.
    if (Files.exists(path) && !Files.isWritable(path)) {
      throw new StoreException(
          "database %s cannot be written (expected: a file of the user that runs Sigwarden, in a folder of theirs)"
              .formatted(path));
    }
    loadLibrary();
    OwnerLock lock;
    try {
      Files.createDirectories(OwnerLock.folder(path));
      lock = OwnerLock.take(path, clock);
    } catch (IOException e) {
      throw new StoreException(
          "database %s: its folder cannot be written (%s)".formatted(path, e), e);
    }
    SqliteFile file = new SqliteFile(path, lock);
    boolean good = false;
    try {
      file.check();
      Migrations.run(file.dataSource(), Migrations.Kind.SQLITE);
      good = true;
      return file;
    } catch (SQLException e) {
      throw new StoreException(
          "database %s cannot be opened: %s".formatted(path, e.getMessage()), e);
    } finally {
      if (!good) {
        file.close();
      }
    }
  }

  /// SQLite's own library is unpacked into the folder for temporary files, and run from there.
  private static void loadLibrary() {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      // Declared as the plainest of exceptions; what is wrong with the folder is not in it.
      String folder = System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
      throw new StoreException(
          "SQLite's library cannot be run from %s (expected: a folder that can be written, on a disk whose files may be run; JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another)"
              .formatted(folder),
          e);
    }
  }

  @Override
  public Connection open(boolean readOnly) throws SQLException {
    Connection connection = dataSource().getConnection();
    if (readOnly) {
      execute(connection, "PRAGMA query_only = ON");
    }
    return connection;
  }

  private SQLiteDataSource dataSource() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setJournalSizeLimit(JOURNAL_LIMIT);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_TIMEOUT);
    // A transaction that starts by reading could otherwise fail when it comes to write.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path.toAbsolutePath());
    return source;
  }

  /// Refuses a file that is damaged or another program's, and marks a new one as ours.
  private void check() throws SQLException {
    boolean large = path.toFile().length() > CHECKED_BYTES;
    try (Connection connection = dataSource().getConnection()) {
      int owner = Sql.all(connection, row -> row.getInt(1), "PRAGMA application_id").getFirst();
      if (owner != APPLICATION_ID) {
        int tables =
            Sql.all(connection, row -> row.getInt(1), "SELECT count(*) FROM sqlite_master")
                .getFirst();
        if (tables > 0) {
          throw new StoreException(
              "database %s is another program's (expected: a new file or Sigwarden's own)"
                  .formatted(path));
        }
        execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
      }
      if (!large) {
        String verdict =
            Sql.all(connection, row -> row.getString(1), "PRAGMA quick_check(1)").getFirst();
        if (!verdict.equals("ok")) {
          throw new StoreException(
              "database %s is damaged: %s (expected: a sound file; restore a backup, or move it away to start anew)"
                  .formatted(path, verdict));
        }
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new StoreException("database %s: its lock cannot be given up".formatted(path), e);
    }
  }
}
