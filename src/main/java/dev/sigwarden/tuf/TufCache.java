package dev.sigwarden.tuf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Files of one repository in a folder: the newest metadata that was believed, and the target that
/// was verified last. Each file is replaced as a whole. What cannot be read counts as absent: the
/// next refresh fetches it again.
public final class TufCache {
  private final Path folder;

  /// A cache in `folder`, which is made when something is written first.
  public TufCache(Path folder) {
    this.folder = folder;
  }

  /// The file of that name; empty if there is none of at most `maxBytes`.
  Optional<byte[]> read(String name, int maxBytes) {
    try (InputStream in = Files.newInputStream(folder.resolve(name))) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      return bytes.length > maxBytes ? Optional.empty() : Optional.of(bytes);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// When the file of that name was written; empty if it is not there.
  Optional<String> written(String name) {
    try {
      return Optional.of(Files.getLastModifiedTime(folder.resolve(name)).toString());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Replaces the file of that name.
  void write(String name, byte[] bytes) throws UnavailableException {
    try {
      Files.createDirectories(folder);
      Path unfinished = Files.write(folder.resolve("." + name), bytes);
      Files.move(
          unfinished,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UnavailableException("cache %s cannot be written: %s".formatted(folder, e), e);
    }
  }

  /// Removes the file of that name, if it is there.
  void delete(String name) throws UnavailableException {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      throw new UnavailableException("cache %s cannot be written: %s".formatted(folder, e), e);
    }
  }
}
