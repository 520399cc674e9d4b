package dev.sigwarden.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Adds lines to an allowlist file: the new content is written beside it and renamed over it, so
/// that whoever reads it sees the old list or the new one and never half of one. Who else adds
/// waits for the lock on the file.
public final class AllowlistEdit {
  /// How often the file may be replaced by others before the lock on it is got.
  private static final int ATTEMPTS = 100;

  private AllowlistEdit() {}

  /// How adding a line ended.
  public sealed interface Outcome {
    /// It is in the file now.
    record Added() implements Outcome {}

    /// It was in it before; the file is as it was.
    record Known() implements Outcome {}

    /// The file is no allowlist, so nothing was written.
    ///
    /// @param reason what was found where; printable
    record Refused(String reason) implements Outcome {}
  }

  /// Adds what a file allows; makes the list if there is none. Follows links.
  ///
  /// @param comment put behind the line; empty for none. One line, printable
  public static Outcome add(Path list, AllowedCertificate allowed, String comment)
      throws IOException {
    if (!Files.exists(list)) {
      Files.write(list, new byte[0], StandardOpenOption.CREATE);
    }
    Path file = list.toRealPath();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      @Nullable Object before = key(file);
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        if (before != null && !before.equals(key(file))) {
          // Somebody replaced it while we waited: the lock is on what it was.
          continue;
        }
        return addLocked(file, allowed.line(), comment);
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS - 1) {
          throw e;
        }
      }
    }
    throw new IOException("it was replaced again and again");
  }

  private static Outcome addLocked(Path file, String line, String comment) throws IOException {
    if (AllowlistFile.load(file) instanceof AllowlistFile.Loaded.Broken(String reason)) {
      return new Outcome.Refused(reason);
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      if (lines.anyMatch(known -> says(known.strip(), line))) {
        return new Outcome.Known();
      }
    }
    // A real path of a file has a folder.
    Path folder = Objects.requireNonNull(file.getParent());
    Path next = Files.createTempFile(folder, "." + file.getFileName() + ".", ".new");
    try {
      write(file, next, line + (comment.isEmpty() ? "" : "  # " + comment) + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(folder);
    } finally {
      Files.deleteIfExists(next);
    }
    return new Outcome.Added();
  }

  /// Whether a line of the file says the same but for a comment.
  private static boolean says(String known, String line) {
    return known.equals(line)
        || (known.startsWith(line)
            && known.substring(line.length()).stripLeading().startsWith("#"));
  }

  /// Writes the file's content and one line more, with the file's permissions.
  private static void write(Path file, Path next, String line) throws IOException {
    PosixFileAttributeView mine = Files.getFileAttributeView(next, PosixFileAttributeView.class);
    PosixFileAttributeView theirs = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (mine != null && theirs != null) {
      mine.setPermissions(theirs.readAttributes().permissions());
    }
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to = FileChannel.open(next, StandardOpenOption.WRITE)) {
      long size = from.size();
      for (long at = 0; at < size; ) {
        at += from.transferTo(at, size - at, to);
      }
      boolean terminated = size == 0 || lastByte(from, size) == '\n';
      ByteBuffer rest =
          ByteBuffer.wrap(((terminated ? "" : "\n") + line).getBytes(StandardCharsets.UTF_8));
      while (rest.hasRemaining()) {
        to.write(rest);
      }
      to.force(true);
    }
  }

  private static byte lastByte(FileChannel file, long size) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    file.read(last, size - 1);
    return last.get(0);
  }

  /// Makes the rename last over a power cut, where folders can be opened.
  private static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // The file's own content is safe already; the folder is written soon.
    }
  }

  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
