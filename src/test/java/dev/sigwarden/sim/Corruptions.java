package dev.sigwarden.sim;

import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What can be wrong with the files of a log whose heads are right: bundles and tiles that were
/// altered, cut or lost, by disk, by cache or by hand.
public final class Corruptions {
  private static final int TILE_WIDTH = 256;
  private static final int LENGTH_BYTES = 2;
  private static final Pattern PATH =
      Pattern.compile("tile/([0-9]+|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\\.p/[0-9]+)?");

  private Corruptions() {}

  /// One bit of the byte at `offset` of entry `index` is changed, in every bundle that holds it.
  /// Guards the hashing of each entry.
  public static Fault alteredEntry(long index, int offset) {
    return entry(index, entry -> changed(entry, offset));
  }

  /// Entry `index` is another in its bundle and in the tile of leaf hashes, and the tiles above are
  /// as before: a rewrite by someone who knows the format. Guards the root, where the bundle and
  /// its own tile agree.
  public static Fault rewrittenEntry(long index, byte[] other) {
    Fault bundle = entry(index, _ -> other.clone());
    Fault tile = hash(0, index, _ -> Hash.ofLeaf(other).toBytes());
    return (path, honest) -> tile.apply(path, bundle.apply(path, honest));
  }

  /// Entry `index` is not in its bundle: those behind it move up, and one is missing. Guards the
  /// count of entries and their places.
  public static Fault missingEntry(long index) {
    return bundle(index, entries -> entries.remove(inTile(index)));
  }

  /// Entry `index` stands twice in its bundle. Guards the count of entries.
  public static Fault repeatedEntry(long index) {
    return bundle(index, entries -> entries.add(inTile(index), entries.get(inTile(index))));
  }

  /// Entry `index` and the one behind it have changed places. Guards the order of entries.
  public static Fault swappedEntries(long index) {
    return bundle(index, entries -> Collections.swap(entries, inTile(index), inTile(index) + 1));
  }

  /// Entries behind the last of bundle number `bundle`. Guards against judging what no head covers.
  public static Fault surplusEntries(long bundle, byte[]... surplus) {
    return bundle(bundle * TILE_WIDTH, entries -> entries.addAll(List.of(surplus)));
  }

  /// The last `bytes` of bundle number `bundle` are missing. Guards the reading of lengths.
  public static Fault cutBundle(long bundle, int bytes) {
    return body(
        at("entries", bundle), body -> Arrays.copyOf(body, Math.max(0, body.length - bytes)));
  }

  /// One bit of the hash number `index` of tile level `level` is changed, wherever it is served. At
  /// level 0 the bundle is intact and the tile lies about it; above, proofs come out wrong. Guards
  /// the check of tiles against the head.
  public static Fault alteredHash(int level, long index) {
    return hash(level, index, hash -> changed(hash, 0));
  }

  /// The last `bytes` of tile number `index` of `level` are missing. Guards the length of tiles.
  public static Fault cutTile(int level, long index, int bytes) {
    return body(
        at(Integer.toString(level), index),
        body -> Arrays.copyOf(body, Math.max(0, body.length - bytes)));
  }

  /// Partial tiles and bundles are gone, as a log may do once there are full ones
  /// (c2sp.org/tlog-tiles#garbage-collection). Not a fault where the full one is there: guards the
  /// fallback to it.
  public static Fault partialsGone() {
    return gone(Fault::partials);
  }

  /// Those resources are not found.
  public static Fault gone(Predicate<String> paths) {
    Fault notFound = (_, _) -> Answer.of(404);
    return notFound.on(paths);
  }

  private static int inTile(long index) {
    return (int) (index % TILE_WIDTH);
  }

  private static byte[] changed(byte[] bytes, int offset) {
    byte[] changed = bytes.clone();
    changed[offset] ^= 1;
    return changed;
  }

  /// Paths of tile number `index` of a level, full or not.
  private static Predicate<String> at(String level, long index) {
    return path -> {
      Matcher matcher = PATH.matcher(path);
      return matcher.matches()
          && matcher.group(1).equals(level)
          && Long.parseLong(matcher.group(2).replaceAll("[x/]", "")) == index;
    };
  }

  private static Fault body(Predicate<String> paths, UnaryOperator<byte[]> change) {
    Fault changed =
        (_, honest) ->
            honest.status() == 200 ? honest.withBody(change.apply(honest.body())) : honest;
    return changed.on(paths);
  }

  private static Fault hash(int level, long index, UnaryOperator<byte[]> change) {
    int from = inTile(index) * Hash.LENGTH;
    return body(
        at(Integer.toString(level), index / TILE_WIDTH),
        body -> {
          byte[] changed = body.clone();
          if (from < body.length) {
            byte[] hash = change.apply(Arrays.copyOfRange(body, from, from + Hash.LENGTH));
            System.arraycopy(hash, 0, changed, from, Hash.LENGTH);
          }
          return changed;
        });
  }

  private static Fault entry(long index, UnaryOperator<byte[]> change) {
    return bundle(
        index, entries -> entries.set(inTile(index), change.apply(entries.get(inTile(index)))));
  }

  /// Changes bundles that hold entry `index`; shorter ones stay.
  private static Fault bundle(long index, Consumer<List<byte[]>> change) {
    return body(
        at("entries", index / TILE_WIDTH),
        body -> {
          List<byte[]> entries = split(body);
          if (inTile(index) < entries.size()) {
            change.accept(entries);
          }
          return join(entries);
        });
  }

  /// The entries of a well-formed bundle.
  static List<byte[]> split(byte[] bundle) {
    List<byte[]> entries = new ArrayList<>();
    for (int at = 0; at < bundle.length; ) {
      int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
      int from = at + LENGTH_BYTES;
      entries.add(Arrays.copyOfRange(bundle, from, from + length));
      at = from + length;
    }
    return entries;
  }

  private static byte[] join(List<byte[]> entries) {
    ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      bundle.write(entry.length >>> 8);
      bundle.write(entry.length);
      bundle.writeBytes(entry);
    }
    return bundle.toByteArray();
  }
}
