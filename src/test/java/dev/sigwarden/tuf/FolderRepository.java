package dev.sigwarden.tuf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A repository laid out in a folder, as its server would serve it.
record FolderRepository(Path folder) implements Repository {
  @Override
  public Optional<byte[]> fetch(String path, int maxBytes)
      throws UnavailableException, RefusedException {
    Path file = folder.resolve(path);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > maxBytes) {
        throw new RefusedException(
            "%s: %d bytes (expected: <= %d)".formatted(path, Files.size(file), maxBytes));
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UnavailableException(path, e);
    }
  }
}
