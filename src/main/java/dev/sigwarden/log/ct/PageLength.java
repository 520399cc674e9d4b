package dev.sigwarden.log.ct;

/// How many leaves a log answers with at most, as far as its answers show: "logs MAY return fewer
/// entries than requested", RFC 6962 section 4.6. Thread-safe.
final class PageLength {
  /// Full pages after which longer ones are tried again: a log that was short of something once is
  /// not asked for single leaves ever after, and one that always is answers short once in so many.
  private static final int FULL_BEFORE_LONGER = 64;

  private final int max;
  private int length;
  private int full;

  PageLength(int max) {
    this.max = max;
    this.length = max;
  }

  /// Where the page that begins at leaf `from` ends: at a multiple of the length, so that the pages
  /// of all who ask are the same ones.
  synchronized long end(long from) {
    return from - from % length + length;
  }

  /// `count` leaves, at least one, were answered of `[from, to)`.
  synchronized void answered(long from, long to, int count) {
    if (count < to - from) {
      // A page that begins in the middle may be cut where all pages are.
      if (from % length == 0) {
        length = count;
        full = 0;
      }
    } else if (++full >= FULL_BEFORE_LONGER) {
      length = (int) Math.min(max, 2L * length);
      full = 0;
    }
  }

  synchronized void forget() {
    length = max;
    full = 0;
  }
}
