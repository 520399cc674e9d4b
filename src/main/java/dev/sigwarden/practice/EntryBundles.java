package dev.sigwarden.practice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The entries of a log, kept as the bundles that are served: each entry after its length in two
/// bytes. c2sp.org/tlog-tiles#log-entries. Not thread-safe.
final class EntryBundles {
  private static final int LENGTH_BYTES = 2;

  /// Bytes first set aside for a bundle; it doubles as it fills.
  private static final int FIRST_BYTES = 16_384;

  private final List<Bundle> bundles = new ArrayList<>();
  private long size;

  private static final class Bundle {
    private byte[] bytes = new byte[FIRST_BYTES];
    private final int[] ends = new int[TileResource.FULL_WIDTH];
    private int count;

    int end(int entries) {
      return entries == 0 ? 0 : ends[entries - 1];
    }
  }

  void append(byte[] entry) {
    if (size % TileResource.FULL_WIDTH == 0) {
      bundles.add(new Bundle());
    }
    Bundle bundle = bundles.getLast();
    int start = bundle.end(bundle.count);
    int end = start + LENGTH_BYTES + entry.length;
    if (end > bundle.bytes.length) {
      bundle.bytes = Arrays.copyOf(bundle.bytes, Math.max(end, 2 * bundle.bytes.length));
    }
    bundle.bytes[start] = (byte) (entry.length >>> 8);
    bundle.bytes[start + 1] = (byte) entry.length;
    System.arraycopy(entry, 0, bundle.bytes, start + LENGTH_BYTES, entry.length);
    bundle.ends[bundle.count] = end;
    bundle.count++;
    if (bundle.count == TileResource.FULL_WIDTH) {
      bundle.bytes = Arrays.copyOf(bundle.bytes, end);
    }
    size++;
  }

  /// Entries kept.
  long size() {
    return size;
  }

  /// A copy of the entry at `index`, which must be in `[0, size)`.
  byte[] entry(long index) {
    Bundle bundle = bundles.get((int) (index / TileResource.FULL_WIDTH));
    int at = (int) (index % TileResource.FULL_WIDTH);
    return Arrays.copyOfRange(bundle.bytes, bundle.end(at) + LENGTH_BYTES, bundle.ends[at]);
  }

  /// The first `width` entries of bundle `index`, all of which must be there. A full bundle is not
  /// copied.
  byte[] bundle(long index, int width) {
    Bundle bundle = bundles.get((int) index);
    return width == TileResource.FULL_WIDTH
        ? bundle.bytes
        : Arrays.copyOf(bundle.bytes, bundle.end(width));
  }
}
