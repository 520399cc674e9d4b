package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import java.util.Optional;

/// Where a log's resources lie: a prefix on a server, or a folder. Thread-safe.
public interface TileSource {
  /// The name of the resource that is the log's newest checkpoint.
  String CHECKPOINT = "checkpoint";

  /// The resource at `path` below the prefix, at most `maxBytes` of it; empty if there is none.
  ///
  /// @throws BadAnswerException if it is longer
  Optional<byte[]> read(String path, int maxBytes)
      throws LogUnavailableException, BadAnswerException;

  /// The whole address of `path`, for messages and for people.
  String address(String path);

  /// What was expected where no checkpoint is, for the message.
  String expectation();

  /// Forgets what was learnt about the source itself.
  default void forget() {}
}
