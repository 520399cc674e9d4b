package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.settings.Section;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where a file lies: on a server, or on this machine.
sealed interface ListLocation {
  /// On a server.
  record Server(URI uri) implements ListLocation {
    @Override
    public String toString() {
      return uri.toString();
    }
  }

  /// On this machine.
  record Local(Path path) implements ListLocation {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// What was read. A class and not a record for its array.
  final class Fetched {
    private final Optional<String> entityTag;
    private final byte[] bytes;

    private Fetched(Optional<String> entityTag, byte[] bytes) {
      this.entityTag = entityTag;
      this.bytes = bytes;
    }

    /// What to ask with the next time.
    Optional<String> entityTag() {
      return entityTag;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /// Reads the key `key`: an `http` or `https` URL, or a path relative to the configuration file's
  /// folder.
  static Optional<ListLocation> read(Section section, String key, String meaning) {
    Optional<String> text = section.optionalText(key, meaning);
    if (text.isEmpty() || !text.get().contains("://")) {
      return text.flatMap(_ -> section.optionalPath(key, meaning)).map(Local::new);
    }
    try {
      URI uri = new URI(text.get());
      if (PoliteHttp.objection(uri).isEmpty() && uri.getRawFragment() == null) {
        return Optional.of(new Server(uri));
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    section.problem(key, text.get(), "an http or https URL without password, or a path");
    return Optional.empty();
  }

  /// The file; empty if it is still the one that the entity tag stands for.
  default Optional<Fetched> fetch(PoliteHttp http, Optional<String> known, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    return switch (this) {
      case Server(URI uri) -> {
        Answer answer = http.getUnlessKnown(uri, known, Limits.of(maxBytes));
        if (answer.unchanged()) {
          yield Optional.empty();
        }
        if (!answer.found()) {
          throw new LogUnavailableException(uri + ": nothing there (expected: a file)");
        }
        yield Optional.of(new Fetched(answer.entityTag(), answer.body()));
      }
      case Local(Path path) -> Optional.of(new Fetched(Optional.empty(), local(path, maxBytes)));
    };
  }

  private static byte[] local(Path path, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    if (!Files.isRegularFile(path)) {
      throw new LogUnavailableException(path + ": no such file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new BadAnswerException(
            path.toString(), "over %d bytes (expected: no more)".formatted(maxBytes));
      }
      return bytes;
    } catch (IOException e) {
      throw new LogUnavailableException(
          path + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }
}
