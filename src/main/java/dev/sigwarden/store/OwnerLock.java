package dev.sigwarden.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The claim of one process on one database file: an operating system lock on `FILE.lock`, which
/// ends with the process however it ends, and in that file who holds it.
final class OwnerLock implements AutoCloseable {
  /// The locked byte lies far behind the text, so that systems with mandatory locks let others
  /// read.
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /// The most that is read of a holder's description, in bytes.
  private static final int MAX_HOLDER = 512;

  /// Files held by this process, with the holder. Asked before the file is touched: POSIX drops a
  /// process's lock when the process closes any descriptor of the file.
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private OwnerLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Takes the lock for `database`, whose folder exists.
  ///
  /// @throws StoreException if another store holds it; the message says who
  static OwnerLock take(Path database, Clock clock) throws IOException {
    Path file = lockFile(database);
    String self =
        "process %d on %s since %s"
            .formatted(
                ProcessHandle.current().pid(),
                hostName(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS));
    String holder = HELD.putIfAbsent(file, self);
    if (holder != null) {
      throw held(database, holder);
    }
    boolean taken = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock == null) {
        throw held(database, holder(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)), 0);
      taken = true;
      return new OwnerLock(file, channel);
    } finally {
      if (!taken) {
        HELD.remove(file);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /// The lock file of the file that a name stands for, the same for every link to it.
  private static Path lockFile(Path database) throws IOException {
    if (!Files.exists(database)) {
      // A link may lead to a file that is not there yet: made empty, it has a name.
      FileChannel.open(database, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    }
    Path real = database.toRealPath();
    return real.resolveSibling(real.getFileName() + ".lock");
  }

  /// The folder that a database file lies in.
  static Path folder(Path database) throws IOException {
    Path folder = database.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(database + " is not a file");
    }
    return folder;
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_HOLDER);
    channel.read(bytes, 0);
    String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    return text.isBlank() ? "another process" : text.replaceAll("\\p{C}", "?");
  }

  private static StoreException held(Path database, String holder) {
    return new StoreException(
        "database %s is in use by %s (expected: one process for one SQLite file; stop the other or name another file)"
            .formatted(database, holder));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this host";
    }
  }

  /// Gives the file up; the lock file stays, since removing it would race with the next holder.
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(file);
    }
  }
}
