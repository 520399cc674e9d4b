package dev.sigwarden.log.tiles;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Chains;
import java.util.Optional;

/// How a log of tiles keeps its leaves: in which folder, and framed how.
public interface BundleForm {
  /// Entry bundles of c2sp.org/tlog-tiles#log-entries.
  BundleForm ENTRIES =
      new BundleForm() {
        @Override
        public int level() {
          return TilePath.ENTRIES;
        }

        @Override
        public int maxBytes(int count) {
          return EntryBundle.maxBytes(count);
        }

        @Override
        public EntryBundle parse(String resource, TilePath path, byte[] bytes, int maxBytes)
            throws BadAnswerException {
          return EntryBundle.parse(resource, bytes, path.width(), maxBytes);
        }
      };

  /// Where they lie: `TilePath.ENTRIES` or `TilePath.DATA`.
  int level();

  /// The longest bundle of `count` leaves that is read, in bytes.
  int maxBytes(int count);

  /// Reads a bundle of exactly `path.width()` leaves; takes over `bytes`.
  ///
  /// @param resource its address, for messages
  /// @param maxBytes the longest bundle that is inflated, in bytes
  EntryBundle parse(String resource, TilePath path, byte[] bytes, int maxBytes)
      throws BadAnswerException;

  /// The chains of a log whose leaves lie in `source`; as `LogClient.chains`.
  default Optional<Chains> chains(TileSource source) {
    return Optional.empty();
  }
}
