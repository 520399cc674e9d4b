package dev.sigwarden.tail;

import dev.sigwarden.store.ScanBook.Range;
import java.util.ArrayList;
import java.util.List;

/// Cuts a range of a log into pieces that several processes can take. All but the first and the
/// last are perfect subtrees of the log's tree, which whole tiles cover.
public final class ScanCut {
  /// Entries of the smallest piece: 32 tiles, so that what is read ahead outweighs its beginning.
  static final long LEAST = 8_192;

  /// Pieces of one scan at most, two more for its ends: enough for dozens of processes to end at
  /// the same time, few enough to be merged at once.
  static final long MOST_PIECES = 4_096;

  private ScanCut() {}

  /// The pieces of `[from, to)` in order; borders between them are multiples of one power of two.
  ///
  /// @throws IllegalArgumentException unless `0 <= from < to`
  public static List<Range> cut(long from, long to) {
    if (from < 0 || from >= to) {
      throw new IllegalArgumentException(
          "entries [%d, %d) (expected: 0 <= from < to)".formatted(from, to));
    }
    long entries = LEAST;
    while ((to - from) / entries >= MOST_PIECES) {
      entries *= 2;
    }
    List<Range> pieces = new ArrayList<>();
    long at = from;
    while (at < to) {
      long end = to - at <= entries - at % entries ? to : at - at % entries + entries;
      pieces.add(new Range(at, end));
      at = end;
    }
    return pieces;
  }
}
