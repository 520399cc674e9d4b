package dev.sigwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A folder for temporary files, deleted with all that is in it when closed.
///
/// @param folder the folder
record Scratch(Path folder) implements AutoCloseable {
  /// A new one.
  ///
  /// @param purpose part of its name
  static Scratch create(String purpose) throws IOException {
    return new Scratch(Files.createTempDirectory("sigwarden-" + purpose));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
