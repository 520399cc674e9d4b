package dev.sigwarden.log.tiles;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The path of one tile below a log's prefix: `tile/<L>/<N>[.p/<W>]` for hashes,
/// `tile/entries/<N>[.p/<W>]` for an entry bundle, `tile/data/<N>[.p/<W>]` for a data tile.
/// c2sp.org/tlog-tiles#merkle-tree and #log-entries, c2sp.org/static-ct-api#log-entries.
///
/// @param level the level of a tile of hashes, `[0, 63]`; `ENTRIES` for an entry bundle, `DATA` for
///   a data tile
/// @param index the tile's number at its level, `[0, MAX_INDEX]`
/// @param width hashes or entries in the tile, `[1, 256]`; below 256 the tile is partial
public record TilePath(int level, long index, int width) {
  /// Hashes or entries in a full tile.
  public static final int FULL_WIDTH = 256;

  /// The level of entry bundles, which stand beside the levels of hashes.
  public static final int ENTRIES = -1;

  /// The level of data tiles, which hold the leaves of a Certificate Transparency log.
  public static final int DATA = -2;

  /// The largest tile number: more than 2^63 leaves there are not.
  public static final long MAX_INDEX = (1L << 55) - 1;

  private static final int MAX_LEVEL = 63;

  /// The longest path is `tile/entries/x036/x028/x797/x018/x963/967.p/255`.
  private static final int MAX_CHARS = 64;

  private static final int GROUP = 1000;

  private static final Pattern SHAPE =
      Pattern.compile(
          "tile/(entries|data|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  /// @throws IllegalArgumentException if a component is outside its range
  public TilePath {
    require("level", level, DATA, MAX_LEVEL);
    require("index", index, 0, MAX_INDEX);
    require("width", width, 1, FULL_WIDTH);
  }

  private static void require(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "tile %s: %d (expected: [%d, %d])".formatted(what, value, min, max));
    }
  }

  /// The tile of hashes that holds hash number `hash` of tile level `level`, as wide as the tree of
  /// `size` leaves has it.
  ///
  /// @throws IllegalArgumentException if that tree has no such hash
  static TilePath ofHash(int level, long hash, long size) {
    return within(level, hash, size >>> (Byte.SIZE * level));
  }

  /// The entry bundle that holds leaf `leaf`, as wide as the tree of `size` leaves has it.
  ///
  /// @throws IllegalArgumentException if that tree has no such leaf
  static TilePath ofLeaf(long leaf, long size) {
    return ofLeaf(ENTRIES, leaf, size);
  }

  /// The same among the tiles of `level`: `ENTRIES` or `DATA`.
  public static TilePath ofLeaf(int level, long leaf, long size) {
    return within(level, leaf, size);
  }

  private static TilePath within(int level, long item, long items) {
    if (item < 0 || item >= items) {
      throw new IllegalArgumentException("item: %d (expected: [0, %d))".formatted(item, items));
    }
    long index = item / FULL_WIDTH;
    return new TilePath(level, index, (int) Math.min(FULL_WIDTH, items - index * FULL_WIDTH));
  }

  /// The tile of that path; empty unless it is written exactly as `toString` writes it.
  public static Optional<TilePath> parse(String path) {
    if (path.length() > MAX_CHARS) {
      return Optional.empty();
    }
    Matcher shape = SHAPE.matcher(path);
    if (!shape.matches()) {
      return Optional.empty();
    }
    long index = Long.parseLong(shape.group(2).replace("x", "").replace("/", ""));
    int level =
        switch (shape.group(1)) {
          case "entries" -> ENTRIES;
          case "data" -> DATA;
          case String number -> Integer.parseInt(number);
        };
    int width = shape.group(3) == null ? FULL_WIDTH : Integer.parseInt(shape.group(3));
    boolean inRange = level <= MAX_LEVEL && index <= MAX_INDEX && width <= FULL_WIDTH;
    // The shape alone leaves a leading group of zeros and a full tile written as a partial one.
    return inRange
        ? Optional.of(new TilePath(level, index, width)).filter(t -> t.toString().equals(path))
        : Optional.empty();
  }

  /// Whether this holds leaves, and not hashes.
  public boolean isLeaves() {
    return level < 0;
  }

  /// Whether this tile will grow.
  public boolean isPartial() {
    return width < FULL_WIDTH;
  }

  /// The full tile at the same place.
  public TilePath full() {
    return new TilePath(level, index, FULL_WIDTH);
  }

  /// The index after the last leaf that this tile is about if full, at most `Long.MAX_VALUE`. Logs
  /// that prune do so up to such an index. c2sp.org/tlog-tiles#pruning.
  long endLeaf() {
    int bits = Byte.SIZE * (isLeaves() ? 1 : level + 1);
    boolean fits = bits < Long.SIZE && Long.numberOfLeadingZeros(index + 1) > bits;
    return fits ? (index + 1) << bits : Long.MAX_VALUE;
  }

  /// The path, relative to the log's prefix.
  @Override
  public String toString() {
    String groups = threeDigits(index);
    for (long rest = index / GROUP; rest > 0; rest /= GROUP) {
      groups = "x" + threeDigits(rest) + "/" + groups;
    }
    return "tile/" + folder() + "/" + groups + (isPartial() ? ".p/" + width : "");
  }

  private String folder() {
    return switch (level) {
      case ENTRIES -> "entries";
      case DATA -> "data";
      default -> Integer.toString(level);
    };
  }

  /// The last three digits of a number, zeros included.
  private static String threeDigits(long number) {
    return Long.toString(GROUP + number % GROUP).substring(1);
  }
}
