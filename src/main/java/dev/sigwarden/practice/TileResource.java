package dev.sigwarden.practice;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A tile or an entry bundle, as its path names it. c2sp.org/tlog-tiles#merkle-tree.
///
/// @param level the tile's level, `[0, 63]`; `ENTRIES` for an entry bundle, `DATA` for a data tile
/// @param index the tile's number in its level, `>= 0`
/// @param width the hashes or entries asked for, `[1, 256]`
record TileResource(int level, long index, int width) {
  /// The level of entry bundles, which have none.
  static final int ENTRIES = -1;

  /// The level of the data tiles of c2sp.org/static-ct-api.
  static final int DATA = -2;

  /// Hashes in a full tile, entries in a full bundle.
  static final int FULL_WIDTH = 256;

  /// Six groups of three digits are indexes below 10^18, more than any size of 63 bits needs.
  private static final Pattern PATH =
      Pattern.compile(
          "tile/(entries|data|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})"
              + "(?:\\.p/([1-9][0-9]{0,2}))?");

  /// The resource of that path, if it is one in the only spelling that the specification allows.
  static Optional<TileResource> parse(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String level = matcher.group(1);
    String number = matcher.group(2).replace("x", "").replace("/", "");
    String width = matcher.group(3);
    TileResource resource =
        new TileResource(
            switch (level) {
              case "entries" -> ENTRIES;
              case "data" -> DATA;
              case String hashes -> Integer.parseInt(hashes);
            },
            Long.parseLong(number),
            width == null ? FULL_WIDTH : Integer.parseInt(width));
    return resource.width <= FULL_WIDTH && resource.path().equals(path)
        ? Optional.of(resource)
        : Optional.empty();
  }

  /// The path: a level, a number in groups of three digits, and the width if the tile is not full.
  String path() {
    StringBuilder number = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      number.insert(0, "x%03d/".formatted(rest % 1000));
    }
    String head =
        switch (level) {
          case ENTRIES -> "entries";
          case DATA -> "data";
          default -> Integer.toString(level);
        };
    String tail = width == FULL_WIDTH ? "" : ".p/" + width;
    return "tile/" + head + "/" + number + tail;
  }

  /// The hashes or entries that a tree of `size` entries has in this resource's level.
  long available(long size) {
    return level <= 0 ? size : 8 * level >= Long.SIZE ? 0 : size >>> (8 * level);
  }
}
