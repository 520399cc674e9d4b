package dev.sigwarden.log.sigstore;

import dev.sigwarden.log.tiles.TileLocation;
import dev.sigwarden.settings.Section;
import java.util.Optional;

/// What the operator says of one log of a trusted root.
///
/// @param url its base URL as the root has it, without a slash at the end
/// @param readUrl where it is read; empty if that is at its base URL
/// @param origin the first line of its checkpoints; empty if it follows from the base URL
/// @param speaks how it is talked to
record Amendment(
    String url, Optional<TileLocation> readUrl, Optional<String> origin, Speaks speaks) {
  /// How a log is talked to.
  enum Speaks {
    /// As logs with such a key are: those with an Ed25519 key are Rekor v2, others Rekor v1.
    BY_KEY,
    /// Rekor v1.
    REKOR,
    /// Rekor v2.
    REKOR_TILES
  }

  /// Of a log of which the operator says nothing.
  static Amendment none(String url) {
    return new Amendment(url, Optional.empty(), Optional.empty(), Speaks.BY_KEY);
  }

  static Amendment read(Section section) {
    return new Amendment(
        stripped(section.text("url", "the log's base URL as the trusted root has it")),
        TileLocation.readOptional(section, "read-url", "where it is read, if not at its base URL"),
        section.optionalText(
            "origin",
            "the first line of its checkpoints (of Rekor v1 what stands before ` - `), if not the"
                + " base URL without `https://`"),
        section.choice(
            "protocol",
            Speaks.class,
            Speaks.BY_KEY,
            "how it is talked to; by its key, one with an Ed25519 key is Rekor v2, any other v1"));
  }

  /// The URL without slashes at its end.
  static String stripped(String url) {
    int end = url.length();
    while (end > 0 && url.charAt(end - 1) == '/') {
      end--;
    }
    return url.substring(0, end);
  }
}
