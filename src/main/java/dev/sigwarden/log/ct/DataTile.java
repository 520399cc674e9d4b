package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Beside;
import dev.sigwarden.log.http.Gzip;
import dev.sigwarden.log.tiles.BundleForm;
import dev.sigwarden.log.tiles.EntryBundle;
import dev.sigwarden.log.tiles.TilePath;
import dev.sigwarden.merkle.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Data tiles of c2sp.org/static-ct-api#log-entries: for each leaf a `TileLeaf`, of which the
/// `TimestampedEntry` is what the log signed.
///
/// Leaves are handed out as the `MerkleTreeLeaf` of RFC 6962 section 3.4, whose hash is in the
/// tree: two zero bytes (version v1, leaf type timestamped_entry) and the `TimestampedEntry`.
final class DataTile implements BundleForm {
  static final DataTile FORM = new DataTile();

  /// Bytes of a leaf that are read on average at most, inflated: what a log takes as one
  /// submission, its precertificate counted beside its TBSCertificate.
  private static final int MAX_LEAF_BYTES = 128 * 1024;

  private static final int FINGERPRINT_BYTES = 32;

  private DataTile() {}

  @Override
  public int level() {
    return TilePath.DATA;
  }

  @Override
  public int maxBytes(int count) {
    return count * MAX_LEAF_BYTES;
  }

  /// A tile whose leaf cannot be told from the next, or says that it is another one, is read up to
  /// it: one leaf hides none before it.
  @Override
  public EntryBundle parse(String resource, TilePath path, byte[] bytes, int maxBytes)
      throws BadAnswerException {
    // A leaf begins with its time: as gzip does, it would be of a year beyond 70 million.
    return read(
        resource, path, Gzip.looksLike(bytes) ? inflated(resource, bytes, maxBytes) : bytes);
  }

  private static byte[] inflated(String resource, byte[] bytes, int maxBytes)
      throws BadAnswerException {
    try {
      return Gzip.inflate(bytes, maxBytes);
    } catch (IOException e) {
      throw new BadAnswerException(
          resource, "gzip data tile: " + e.getMessage() + " (expected: leaves)");
    }
  }

  private static EntryBundle read(String resource, TilePath path, byte[] tile)
      throws BadAnswerException {
    int count = path.width();
    int[] starts = new int[count];
    int[] lengths = new int[count];
    int[] ends = new int[count];
    byte[] overwritten = new byte[count * TimestampedEntry.PREFIX_BYTES];
    long[] millis = new long[count];
    byte[] bytes = new byte[TimestampedEntry.PREFIX_BYTES + tile.length];
    System.arraycopy(tile, 0, bytes, TimestampedEntry.PREFIX_BYTES, tile.length);
    ByteBuffer in = ByteBuffer.wrap(bytes).position(TimestampedEntry.PREFIX_BYTES);
    for (int i = 0; i < count; i++) {
      long index = path.index() * TilePath.FULL_WIDTH + i;
      int start = in.position() - TimestampedEntry.PREFIX_BYTES;
      try {
        millis[i] = TimestampedEntry.skip(in, index);
        starts[i] = start;
        lengths[i] = in.position() - start;
        chain(in, isPrecertificate(bytes, start));
        ends[i] = in.position();
      } catch (MalformedLeafException e) {
        return new EntryBundle(
            bytes,
            starts,
            lengths,
            i,
            millis,
            Optional.of(behind(bytes, starts, lengths, ends, overwritten, i)),
            Optional.of(
                new BadAnswerException(
                    resource, "leaf %d of the log: %s".formatted(index, e.getMessage()))));
      }
      // What stood there was of the leaf before, behind its TimestampedEntry.
      System.arraycopy(
          bytes,
          start,
          overwritten,
          i * TimestampedEntry.PREFIX_BYTES,
          TimestampedEntry.PREFIX_BYTES);
      Arrays.fill(bytes, start, start + TimestampedEntry.PREFIX_BYTES, (byte) 0);
    }
    if (in.hasRemaining()) {
      throw new BadAnswerException(
          resource,
          "%d bytes after the last of %d leaves (expected: none)".formatted(in.remaining(), count));
    }
    return new EntryBundle(
        bytes,
        starts,
        lengths,
        count,
        millis,
        Optional.of(behind(bytes, starts, lengths, ends, overwritten, count)),
        Optional.empty());
  }

  /// What stands behind each TimestampedEntry, as it was before the next leaf's first bytes were
  /// written over its last.
  ///
  /// @param ends where each TileLeaf ends
  /// @param overwritten what stood where the first bytes of each leaf stand now
  /// @param count leaves in the tile
  private static IntFunction<byte[]> behind(
      byte[] bytes, int[] starts, int[] lengths, int[] ends, byte[] overwritten, int count) {
    return i -> {
      byte[] behind = Arrays.copyOfRange(bytes, starts[i] + lengths[i], ends[i]);
      if (i + 1 < count) {
        System.arraycopy(
            overwritten,
            (i + 1) * TimestampedEntry.PREFIX_BYTES,
            behind,
            behind.length - TimestampedEntry.PREFIX_BYTES,
            TimestampedEntry.PREFIX_BYTES);
      }
      return behind;
    };
  }

  /// Adds to `chain` what was submitted as a leaf of a tile that was read before, and returns the
  /// fingerprints of the certificates above it.
  static List<Hash> readBeside(String resource, Beside beside, ChainBuilder chain)
      throws BadAnswerException {
    try {
      return SubmittedEntry.readTileLeaf(chain, beside.leaf(), ByteBuffer.wrap(beside.bytes()));
    } catch (MalformedLeafException e) {
      throw new BadAnswerException(resource, e.getMessage());
    }
  }

  /// Adds to `chain` what was submitted as the leaf at `index`, and returns the fingerprints of the
  /// certificates above it.
  ///
  /// @param leaf the leaf's hash
  static List<Hash> readLeaf(
      String resource,
      TilePath path,
      byte[] tile,
      int maxBytes,
      long index,
      Hash leaf,
      ChainBuilder chain)
      throws BadAnswerException {
    ByteBuffer in =
        ByteBuffer.wrap(Gzip.looksLike(tile) ? inflated(resource, tile, maxBytes) : tile);
    try {
      for (long at = path.index() * TilePath.FULL_WIDTH; at < index; at++) {
        int start = in.position();
        var _ = TimestampedEntry.skip(in, at);
        boolean precertificate = in.get(start + Long.BYTES + 1) == TimestampedEntry.PRECERTIFICATE;
        chain(in, precertificate);
      }
      int start = in.position();
      var _ = TimestampedEntry.skip(in, index);
      byte[] whole = new byte[TimestampedEntry.PREFIX_BYTES + in.position() - start];
      in.get(
          start,
          whole,
          TimestampedEntry.PREFIX_BYTES,
          whole.length - TimestampedEntry.PREFIX_BYTES);
      if (!Hash.ofLeaf(whole).equals(leaf)) {
        throw new BadAnswerException(
            resource, "another leaf %d than before (expected: hash %s)".formatted(index, leaf));
      }
      return SubmittedEntry.readTileLeaf(chain, whole, in);
    } catch (MalformedLeafException e) {
      throw new BadAnswerException(resource, e.getMessage());
    }
  }

  private static boolean isPrecertificate(byte[] bytes, int start) {
    return bytes[start + TimestampedEntry.PREFIX_BYTES + Long.BYTES + 1]
        == TimestampedEntry.PRECERTIFICATE;
  }

  /// What a `TileLeaf` has behind its `TimestampedEntry`: the precertificate, and the fingerprints
  /// of the issuers.
  private static void chain(ByteBuffer in, boolean precertificate) throws MalformedLeafException {
    if (precertificate) {
      TimestampedEntry.skipVector(in, 3, "precertificate");
    }
    int fingerprints = TimestampedEntry.skipVector(in, 2, "chain");
    if (fingerprints % FINGERPRINT_BYTES != 0) {
      throw new MalformedLeafException(
          "chain: %d bytes (expected: 32 for each issuer)".formatted(fingerprints));
    }
  }
}
