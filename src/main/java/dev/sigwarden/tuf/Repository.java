package dev.sigwarden.tuf;

import java.util.Optional;

/// Where metadata and targets are fetched from.
public interface Repository {
  /// The file at `path`, relative to the repository's base; empty if there is none.
  ///
  /// @param maxBytes the longest file that is read
  /// @throws UnavailableException if nothing was learnt
  /// @throws RefusedException if the file is longer
  Optional<byte[]> fetch(String path, int maxBytes) throws UnavailableException, RefusedException;
}
