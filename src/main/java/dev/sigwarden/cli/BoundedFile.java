package dev.sigwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads files that commands are given, up to a bound.
final class BoundedFile {
  private BoundedFile() {}

  /// The file's bytes.
  ///
  /// @param maxBytes the most that is read
  /// @param expected what the file should be, for messages
  static byte[] read(Path file, int maxBytes, String expected) throws CommandFailure {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new CommandFailure(
            Exit.USAGE, "%s: over %d bytes (expected: %s)".formatted(file, maxBytes, expected));
      }
      return bytes;
    } catch (IOException e) {
      throw failure(file, e, expected);
    }
  }

  /// What ends a command that cannot read a file.
  static CommandFailure failure(Path file, IOException cause, String expected) {
    String why =
        cause instanceof NoSuchFileException
            ? "%s: no such file (expected: %s)".formatted(file, expected)
            : "%s cannot be read: %s".formatted(file, cause.getMessage());
    return new CommandFailure(Exit.OPERATIONAL, why);
  }
}
