package dev.sigwarden.log.tiles;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.NodeSource;
import java.util.Map;

/// The nodes of the tree of `size` leaves, from its tiles: a tile of level L holds the nodes of
/// tree level 8 L, those between are hashed from them. c2sp.org/tlog-tiles#merkle-tree.
final class TileNodes implements NodeSource<RuntimeException> {
  /// Tree levels from one tile level to the next.
  private static final int TILE_HEIGHT = 8;

  private final long size;
  private final Map<TilePath, byte[]> tiles;

  /// From tiles that are there already, all that will be asked for.
  TileNodes(long size, Map<TilePath, byte[]> tiles) {
    this.size = size;
    this.tiles = tiles;
  }

  /// The tile that a node is in or is hashed from.
  static TilePath tileOf(int level, long index, long size) {
    return TilePath.ofHash(level / TILE_HEIGHT, index << (level % TILE_HEIGHT), size);
  }

  @Override
  public Hash node(int level, long index) {
    TilePath path = tileOf(level, index, size);
    byte[] tile = tiles.get(path);
    if (tile == null) {
      throw new IllegalStateException(path + ": not among the tiles fetched");
    }
    int below = level % TILE_HEIGHT;
    int first = (int) ((index << below) % TilePath.FULL_WIDTH);
    if (below == 0) {
      return Hash.of(tile, first * Hash.LENGTH);
    }
    CompactRange subtree = CompactRange.empty();
    for (int i = first; i < first + (1 << below); i++) {
      subtree.append(tile, i * Hash.LENGTH);
    }
    return subtree.root();
  }
}
