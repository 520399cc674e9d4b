package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The hashes of a log's tree, kept as the tiles that are served: in level `l` the roots of the
/// perfect subtrees of 256^l leaves. c2sp.org/tlog-tiles#merkle-tree. Not thread-safe.
final class HashTiles {
  private static final int TILE_BYTES = TileResource.FULL_WIDTH * Hash.LENGTH;

  /// Tree levels from one tile level to the next: 256 is 2^8.
  private static final int TILE_HEIGHT = 8;

  private final TreeHasher hasher = new TreeHasher();
  private final List<Level> levels = new ArrayList<>();

  private static final class Level {
    private final List<byte[]> tiles = new ArrayList<>();
    private long count;
  }

  /// Adds a leaf and every subtree root that it completes.
  void appendLeaf(byte[] entry) {
    byte[] hash = new byte[Hash.LENGTH];
    hasher.leaf(entry, 0, entry.length, hash, 0);
    int number = 0;
    while (append(number, hash)) {
      foldInto(levels.get(number).tiles.getLast(), 0, TileResource.FULL_WIDTH, hash);
      number++;
    }
  }

  /// Adds a hash to a level; whether it was the last of its tile.
  private boolean append(int number, byte[] hash) {
    if (number == levels.size()) {
      levels.add(new Level());
    }
    Level level = levels.get(number);
    int at = (int) (level.count % TileResource.FULL_WIDTH);
    if (at == 0) {
      level.tiles.add(new byte[TILE_BYTES]);
    }
    System.arraycopy(hash, 0, level.tiles.getLast(), at * Hash.LENGTH, Hash.LENGTH);
    level.count++;
    return at == TileResource.FULL_WIDTH - 1;
  }

  /// The root over `count` hashes of a tile, a power of two, from number `first` on.
  private void foldInto(byte[] tile, int first, int count, byte[] root) {
    byte[] hashes = Arrays.copyOfRange(tile, first * Hash.LENGTH, (first + count) * Hash.LENGTH);
    for (int left = count; left > 1; left /= 2) {
      for (int pair = 0; pair < left / 2; pair++) {
        hasher.node(hashes, 2 * pair * Hash.LENGTH, hashes, pair * Hash.LENGTH);
      }
    }
    System.arraycopy(hashes, 0, root, 0, Hash.LENGTH);
  }

  /// The root of the perfect subtree over the leaves `[index << level, (index + 1) << level)`, all
  /// of which must be there.
  Hash node(int level, long index) {
    Level stored = levels.get(level / TILE_HEIGHT);
    int height = level % TILE_HEIGHT;
    long first = index << height;
    int inTile = (int) (first % TileResource.FULL_WIDTH);
    if (first + (1L << height) > stored.count) {
      throw new IllegalArgumentException(
          "node %d of level %d is not complete (expected: a node of the tree)"
              .formatted(index, level));
    }
    byte[] root = new byte[Hash.LENGTH];
    foldInto(stored.tiles.get((int) (first / TileResource.FULL_WIDTH)), inTile, 1 << height, root);
    return Hash.of(root);
  }

  /// The first `width` hashes of a tile, all of which must be there. A full tile is not copied.
  byte[] tile(int level, long index, int width) {
    byte[] tile = levels.get(level).tiles.get((int) index);
    return width == TileResource.FULL_WIDTH ? tile : Arrays.copyOf(tile, width * Hash.LENGTH);
  }
}
