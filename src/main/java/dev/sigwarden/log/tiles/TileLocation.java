package dev.sigwarden.log.tiles;

import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Optional;

/// Where the configuration says that a tile log lies.
public sealed interface TileLocation {
  /// A prefix on a server.
  ///
  /// @param base ends in a slash
  record Server(URI base) implements TileLocation {}

  /// A folder of this machine.
  ///
  /// @param base absolute
  record Folder(Path base) implements TileLocation {}

  /// The resources at this location.
  default TileSource open(PoliteHttp http) {
    return switch (this) {
      case Server(URI base) -> new HttpTiles(http, base);
      case Folder(Path base) -> new DirectoryTiles(base);
    };
  }

  /// The location `path`, which ends in a slash, below this one.
  default TileLocation below(String path) {
    return switch (this) {
      case Server(URI base) -> new Server(base.resolve(path));
      case Folder(Path base) -> new Folder(base.resolve(path));
    };
  }

  /// Reads the required key `key`: an `http`, `https` or `file` URL, or a path, which is relative
  /// to the configuration file's folder.
  static TileLocation read(Section section, String key, String meaning) {
    return locate(section, key, section.text(key, meaning), meaning);
  }

  /// Reads the optional key `key` likewise.
  static Optional<TileLocation> readOptional(Section section, String key, String meaning) {
    return section.optionalText(key, meaning).map(text -> locate(section, key, text, meaning));
  }

  private static TileLocation locate(Section section, String key, String text, String meaning) {
    boolean url = text.contains("://") || text.startsWith("file:");
    if (!url) {
      return new Folder(section.optionalPath(key, meaning).orElse(Path.of("")));
    }
    try {
      URI uri = new URI(text);
      if ("file".equalsIgnoreCase(uri.getScheme())) {
        return new Folder(Path.of(uri));
      }
      Optional<String> expected =
          uri.getRawQuery() == null && uri.getRawFragment() == null
              ? PoliteHttp.objection(uri)
              : Optional.of("a URL without query or fragment");
      if (expected.isEmpty()) {
        return new Server(text.endsWith("/") ? uri : new URI(text + "/"));
      }
      section.problem(key, shown(text), expected.get());
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException _) {
      section.problem(key, shown(text), "an http, https or file URL, or a path");
    }
    // Never opened: the problem noted keeps the configuration from being used.
    return new Folder(Path.of(""));
  }

  /// A wrong URL without what may be secret: what stands before an `@`, a query, a fragment.
  private static String shown(String text) {
    return text.contains("@") ? "a URL with an @ in it" : text.replaceFirst("(?s)([?#]).*", "$1…");
  }
}
