package dev.sigwarden.trust;

import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.tuf.Repository;
import dev.sigwarden.tuf.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A TUF repository in a folder, as somebody mirrored it to a machine without a way out.
///
/// @param folder laid out as its server would serve it
record FileRepository(Path folder) implements Repository {
  @Override
  public Optional<byte[]> fetch(String path, int maxBytes)
      throws UnavailableException, RefusedException {
    try (InputStream in = Files.newInputStream(folder.resolve(path))) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new RefusedException("%s: longer than %d bytes".formatted(path, maxBytes));
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(folder)) {
        throw new UnavailableException(folder + ": no such folder", e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UnavailableException("%s cannot be read: %s".formatted(path, e), e);
    }
  }
}
