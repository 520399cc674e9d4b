package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A log's resources in a folder of this machine: a mirror, or the storage of a log that runs here.
final class DirectoryTiles implements TileSource {
  private final Path base;

  DirectoryTiles(Path base) {
    this.base = base.toAbsolutePath().normalize();
  }

  @Override
  public Optional<byte[]> read(String path, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    Path file = base.resolve(path).normalize();
    if (!file.startsWith(base)) {
      throw new IllegalArgumentException("path: " + path + " (expected: one below the folder)");
    }
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    // A pipe or device would keep the reader waiting.
    if (!Files.isRegularFile(file)) {
      throw new LogUnavailableException(file + ": not a regular file, or not to be looked at");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new BadAnswerException(
            file.toString(), "longer than " + maxBytes + " bytes (expected: no more)");
      }
      return Optional.of(bytes);
    } catch (IOException e) {
      throw new LogUnavailableException(
          file + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  @Override
  public String address(String path) {
    return base.resolve(path).toString();
  }

  @Override
  public String expectation() {
    return "a tlog-tiles directory with a file named checkpoint";
  }
}
