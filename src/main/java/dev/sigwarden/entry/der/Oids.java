package dev.sigwarden.entry.der;

import java.util.HexFormat;

/// Object identifiers as text. X.690 section 8.19.
public final class Oids {
  /// The longest identifier in bytes that is written with dots; registered ones have under 20.
  private static final int MAX_LENGTH = 64;

  /// The most bytes of one arc: nine hold 63 bits, a `long`.
  private static final int MAX_ARC_BYTES = 9;

  private Oids() {}

  /// The identifier whose contents are `[from, to)` of `bytes`, dotted; `#` and lowercase hex of
  /// the contents if they are no identifier, or one with arcs of more than 63 bits.
  public static String dotted(byte[] bytes, int from, int to) {
    if (to == from || to - from > MAX_LENGTH) {
      return "#" + HexFormat.of().formatHex(bytes, from, to);
    }
    StringBuilder dotted = new StringBuilder(32);
    long arc = 0;
    int arcBytes = 0;
    for (int i = from; i < to; i++) {
      // An arc must be in its shortest form, and the last one complete.
      boolean padded = arcBytes == 0 && bytes[i] == (byte) 0x80;
      if (padded || ++arcBytes > MAX_ARC_BYTES || (i == to - 1 && bytes[i] < 0)) {
        return "#" + HexFormat.of().formatHex(bytes, from, to);
      }
      arc = arc << 7 | (bytes[i] & 0x7f);
      if (bytes[i] >= 0) {
        append(dotted, arc);
        arc = 0;
        arcBytes = 0;
      }
    }
    return dotted.toString();
  }

  private static void append(StringBuilder dotted, long arc) {
    if (!dotted.isEmpty()) {
      dotted.append('.').append(arc);
      return;
    }
    // The first two arcs share a number: 40 * first + second, and first is 0, 1 or 2.
    long first = Math.min(arc / 40, 2);
    dotted.append(first).append('.').append(arc - 40 * first);
  }
}
