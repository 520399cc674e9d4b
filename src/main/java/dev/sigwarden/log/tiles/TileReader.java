package dev.sigwarden.log.tiles;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.Hash;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Reads single tiles and bundles: each of the right length, partial ones from the full one where
/// they are gone, tiles of hashes from memory where possible. Thread-safe.
///
/// Full tiles never change and are remembered until `forget`; partial ones only while the tree of
/// one size is read. What is remembered is what the log said, not what is proven: after a proof
/// failed, `forget`.
final class TileReader {
  /// Full tiles remembered: 4 MiB, more than the proofs of a long backlog come back to.
  private static final int MAX_TILES_REMEMBERED = 512;

  private final TileSource source;
  private final BundleForm form;
  private final long minimumIndex;
  private volatile Memory memory = new Memory();

  TileReader(TileSource source, BundleForm form, long minimumIndex) {
    this.source = source;
    this.form = form;
    this.minimumIndex = minimumIndex;
  }

  /// The hashes of a tile in the tree of `size` leaves: at least `path.width()` of them, 32 bytes
  /// each. Shared, so only to be read.
  byte[] hashes(TilePath path, long size) throws LogUnavailableException, BadAnswerException {
    Memory here = memory;
    Optional<byte[]> known = here.find(path, size);
    if (known.isPresent()) {
      return known.get();
    }
    Found found = find(path, path.width() * Hash.LENGTH, TilePath.FULL_WIDTH * Hash.LENGTH);
    int expected = found.path().width() * Hash.LENGTH;
    if (found.bytes().length != expected) {
      throw new BadAnswerException(
          source.address(found.path().toString()),
          "%d bytes (expected: %d)".formatted(found.bytes().length, expected));
    }
    here.keep(found.path(), size, found.bytes());
    return found.bytes();
  }

  /// The bundle of `path`: at least `path.width()` entries.
  ///
  /// @throws BadAnswerException also if it has more than `maxBytes`, packed or not
  EntryBundle bundle(TilePath path, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    Found found =
        find(
            path,
            Math.min(maxBytes, form.maxBytes(path.width())),
            Math.min(maxBytes, maxBundleBytes()));
    return form.parse(
        source.address(found.path().toString()), found.path(), found.bytes(), maxBytes);
  }

  /// The longest bundle that is read, in bytes.
  int maxBundleBytes() {
    return form.maxBytes(TilePath.FULL_WIDTH);
  }

  /// Forgets all tiles, also those that are just being read.
  void forget() {
    memory = new Memory();
    source.forget();
  }

  /// A resource and the tile that it is: the one asked for or the full one in its place. A class
  /// for its array.
  private static final class Found {
    private final TilePath path;
    private final byte[] bytes;

    Found(TilePath path, byte[] bytes) {
      this.path = path;
      this.bytes = bytes;
    }

    TilePath path() {
      return path;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /// A log may drop a partial resource once the full one is there, so "clients MUST" fall back to
  /// it. c2sp.org/tlog-tiles#partial-tiles.
  private Found find(TilePath path, int maxBytes, int maxFullBytes)
      throws LogUnavailableException, BadAnswerException {
    Optional<byte[]> bytes = source.read(path.toString(), maxBytes);
    if (bytes.isPresent()) {
      return new Found(path, bytes.get());
    }
    if (path.isPartial()) {
      bytes = source.read(path.full().toString(), maxFullBytes);
      if (bytes.isPresent()) {
        return new Found(path.full(), bytes.get());
      }
    }
    throw new LogUnavailableException(source.address(path.toString()) + ": " + whyMissing(path));
  }

  private String whyMissing(TilePath path) {
    if (path.isPartial()) {
      return "not found, nor the full one: the log does not serve what its checkpoint covers";
    }
    return path.endLeaf() <= minimumIndex
        ? "not found: pruned, as minimum-index " + minimumIndex + " allows"
        : "not found: the log prunes old entries (then set minimum-index) or misbehaves";
  }

  /// What is remembered until it is forgotten as a whole.
  private static final class Memory {
    private final Cache<TilePath, byte[]> full =
        Caffeine.newBuilder().maximumSize(MAX_TILES_REMEMBERED).executor(Runnable::run).build();

    private volatile Edge edge = new Edge(0, Map.of());

    /// The partial tiles of the tree of `size` leaves: one a level.
    private record Edge(long size, Map<TilePath, byte[]> tiles) {}

    Optional<byte[]> find(TilePath path, long size) {
      Optional<byte[]> whole = Optional.ofNullable(full.getIfPresent(path.full()));
      Edge now = edge;
      return whole.isPresent() || now.size() != size
          ? whole
          : Optional.ofNullable(now.tiles().get(path));
    }

    void keep(TilePath path, long size, byte[] bytes) {
      if (!path.isPartial()) {
        full.put(path, bytes);
        return;
      }
      synchronized (this) {
        if (edge.size() != size) {
          edge = new Edge(size, new ConcurrentHashMap<>());
        }
        edge.tiles().put(path, bytes);
      }
    }
  }
}
