package dev.sigwarden.lookalike;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Places near a given one: drawn alike, in other case, at another host, or one edit away in one of
/// their two names. Finds all of these and some others, which the caller sorts out. Immutable.
///
/// Each place is filed under hashes of its names folded, and of its names with one character left
/// out: one edit lies between two names only if they share such a rest, or one is a rest of the
/// other. A place that is near nothing is told so by a bit table of first names and of their
/// halves, one of which every single edit leaves as it was.
public final class Nearby {
  /// Characters of a name whose edits are looked for: forges allow at most 100, DNS labels 63.
  private static final int MAX_NAME = 128;

  /// Candidates that are looked at for one subject; a place shared by more watches than that is
  /// told by the first of them.
  private static final int MAX_FOUND = 256;

  /// Bits of a filed key that say which place it belongs to.
  private static final int NUMBER_BITS = 22;

  private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;

  private static final long BASE = 0x9E37_79B9_7F4A_7C15L;
  private static final long[] POWERS = new long[MAX_NAME + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * BASE;
    }
  }

  /// What is the same of two places that share a key.
  private enum Same {
    FIRST(1),
    BOTH(2),
    EDITED_FIRST(3),
    EDITED_FIRST_AND_SECOND(4),
    FIRST_AND_EDITED_SECOND(5),
    /// In the table only.
    SIEVE_FOLDED(6),
    SIEVE_START(7),
    SIEVE_END(8);

    /// Tells the hashes of one from those of another.
    private final long salt;

    Same(long salt) {
      this.salt = salt;
    }
  }

  /// What folding an ASCII character does to a hash: it is multiplied by the one and the other is
  /// added. Folded is the skeleton in small letters, with `i`, `l` and what is drawn like them made
  /// one: in one case they are drawn alike, in the other they differ.
  private static final long[] FOLD_TIMES = new long[128];

  private static final long[] FOLD_PLUS = new long[128];

  static {
    for (int c = 0; c < FOLD_TIMES.length; c++) {
      long times = 1;
      long plus = 0;
      for (char folded : folded(Confusables.skeletonOfAscii(c)).toCharArray()) {
        times *= BASE;
        plus = plus * BASE + folded;
      }
      FOLD_TIMES[c] = times;
      FOLD_PLUS[c] = plus;
    }
  }

  private static String folded(String skeleton) {
    StringBuilder folded = new StringBuilder();
    for (int i = 0; i < skeleton.length(); i++) {
      char small = Character.toLowerCase(skeleton.charAt(i));
      folded.append(small < 128 ? Confusables.skeletonOfAscii(small) : Character.toString(small));
    }
    return folded.toString().replace('i', 'l');
  }

  private final long[] filed;
  private final long[] table;

  private Nearby(long[] filed, long[] table) {
    this.filed = filed;
    this.table = table;
  }

  /// Collects places.
  public static final class Builder {
    private long[] filed = new long[64];
    private int count;
    private long[] sieved = new long[64];
    private int sieveCount;

    /// Files a place under a number.
    ///
    /// @param anySecond whether the second name does not matter
    /// @param number in `[0, 2^22)`
    public void add(Place place, boolean anySecond, int number) {
      if (number < 0 || number > NUMBER_MASK) {
        throw new IllegalArgumentException("number: %d (expected: 22 bits)".formatted(number));
      }
      long first = fold(place.text(), place.firstFrom(), place.firstTo());
      long second = fold(place.text(), place.secondFrom(), place.secondTo());
      sieve(key(Same.SIEVE_FOLDED, first, 0));
      sieveHalves(place.first());
      file(anySecond ? key(Same.FIRST, first, 0) : key(Same.BOTH, first, second), number);
      for (long rest : rests(place.text(), place.firstFrom(), place.firstTo())) {
        file(
            anySecond
                ? key(Same.EDITED_FIRST, rest, 0)
                : key(Same.EDITED_FIRST_AND_SECOND, rest, second),
            number);
      }
      if (!anySecond) {
        for (long rest : rests(place.text(), place.secondFrom(), place.secondTo())) {
          file(key(Same.FIRST_AND_EDITED_SECOND, first, rest), number);
        }
      }
    }

    /// The halves, and of a name of even length the start after a swap across its middle, which
    /// touches both.
    private void sieveHalves(String name) {
      int half = name.length() / 2;
      sieve(key(Same.SIEVE_START, start(name, 0, half), name.length()));
      sieve(key(Same.SIEVE_END, end(name, name.length(), half), name.length()));
      if (half > 0 && name.length() % 2 == 0) {
        String swapped = name.substring(0, half - 1) + name.charAt(half);
        sieve(key(Same.SIEVE_START, start(swapped, 0, half), name.length()));
      }
    }

    private static long[] rests(String text, int from, int to) {
      Rests rests = new Rests(text, from, to);
      long[] all = new long[rests.count()];
      for (int i = 0; i < all.length; i++) {
        all[i] = rests.next();
      }
      return all;
    }

    private void file(long key, int number) {
      filed = room(filed, count);
      filed[count++] = (key & ~NUMBER_MASK) | number;
    }

    private void sieve(long key) {
      sieved = room(sieved, sieveCount);
      sieved[sieveCount++] = key;
    }

    private static long[] room(long[] array, int count) {
      return count < array.length ? array : Arrays.copyOf(array, 2 * count);
    }

    /// The index.
    public Nearby build() {
      long[] sorted = Arrays.copyOf(filed, count);
      Arrays.sort(sorted);
      long[] table = new long[Integer.highestOneBit(Math.max(1, sieveCount)) * 2];
      for (int i = 0; i < sieveCount; i++) {
        table[word(sieved[i], table)] |= bits(sieved[i]);
      }
      return new Nearby(sorted, table);
    }
  }

  /// Whether any place may be near one with the first name in `[from, to)`; nearly always false.
  public boolean hasNear(String text, int from, int to) {
    return inTable(key(Same.SIEVE_FOLDED, fold(text, from, to), 0)) || hasHalf(text, from, to);
  }

  /// Whether a half of the name is that of a name one character shorter, as long, or one longer.
  private boolean hasHalf(String text, int from, int to) {
    int length = to - from;
    if (length > MAX_NAME) {
      return false;
    }
    long start = 0;
    long end = 0;
    int half = 0;
    for (int other = length - 1; other <= length + 1; other++) {
      for (; half < other / 2; half++) {
        start = start * BASE + small(text.charAt(from + half));
        end += small(text.charAt(to - 1 - half)) * POWERS[half];
      }
      if (other > 0
          && (inTable(key(Same.SIEVE_START, start, other))
              || inTable(key(Same.SIEVE_END, end, other)))) {
        return true;
      }
    }
    return false;
  }

  /// A hash of `length` characters in small letters from `from` on.
  private static long start(String text, int from, int length) {
    long hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = hash * BASE + small(text.charAt(i));
    }
    return hash;
  }

  /// A hash of the `length` characters in small letters before `to`.
  private static long end(String text, int to, int length) {
    return start(text, to - length, length);
  }

  private static int small(char c) {
    return c < 128 ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : Character.toLowerCase(c);
  }

  /// The numbers of places that may be near, each once; null for none.
  public @Nullable BitSet find(Place place) {
    BitSet found = null;
    String text = place.text();
    if (!hasNear(text, place.firstFrom(), place.firstTo())) {
      return found;
    }
    long first = fold(text, place.firstFrom(), place.firstTo());
    long second = fold(text, place.secondFrom(), place.secondTo());
    found = collect(key(Same.FIRST, first, 0), found);
    found = collect(key(Same.BOTH, first, second), found);
    Rests seconds = new Rests(text, place.secondFrom(), place.secondTo());
    for (int i = seconds.count(); i > 0; i--) {
      found = collect(key(Same.FIRST_AND_EDITED_SECOND, first, seconds.next()), found);
    }
    Rests firsts = new Rests(text, place.firstFrom(), place.firstTo());
    for (int i = firsts.count(); i > 0; i--) {
      long rest = firsts.next();
      found = collect(key(Same.EDITED_FIRST, rest, 0), found);
      found = collect(key(Same.EDITED_FIRST_AND_SECOND, rest, second), found);
    }
    return found;
  }

  private @Nullable BitSet collect(long key, @Nullable BitSet before) {
    long lowest = key & ~NUMBER_MASK;
    int at = Arrays.binarySearch(filed, lowest);
    BitSet found = before;
    for (int i = at < 0 ? -at - 1 : at;
        i < filed.length && (filed[i] & ~NUMBER_MASK) == lowest;
        i++) {
      found = found == null ? new BitSet() : found;
      if (found.cardinality() >= MAX_FOUND) {
        return found;
      }
      found.set((int) (filed[i] & NUMBER_MASK));
    }
    return found;
  }

  private boolean inTable(long key) {
    long bits = bits(key);
    return (table[word(key, table)] & bits) == bits;
  }

  /// A Bloom filter in which all bits of a key stand in one word: with one to two words for each
  /// key about one look in a thousand is wrong, and each costs one read.
  private static int word(long key, long[] table) {
    return (int) (key >>> 32) & (table.length - 1);
  }

  private static long bits(long key) {
    return 1L << key | 1L << (key >>> 6) | 1L << (key >>> 12);
  }

  private static long key(Same same, long one, long other) {
    long mixed = (one * BASE + other + same.salt) * 0xBF58_476D_1CE4_E5B9L;
    mixed ^= mixed >>> 29;
    mixed *= 0x94D0_49BB_1331_11EBL;
    return mixed ^ mixed >>> 32;
  }

  /// A hash that texts share which are drawn alike, capitals taken for small letters.
  private static long fold(String text, int from, int to) {
    long hash = 1;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < 128) {
        hash = hash * FOLD_TIMES[c] + FOLD_PLUS[c];
      } else {
        hash = hash * BASE + Character.toLowerCase(c);
      }
    }
    return hash;
  }

  /// The hashes of a name in small letters and of what is left of it without each one of its
  /// characters; none of a name longer than `MAX_NAME`.
  private static final class Rests {
    private final String text;
    private final int from;
    private final int to;
    private final long whole;
    private int at;
    private long before;

    Rests(String text, int from, int to) {
      this.text = text;
      this.from = from;
      this.to = to - from > MAX_NAME ? from : to;
      long hash = 0;
      for (int i = from; i < this.to; i++) {
        hash = hash * BASE + small(text.charAt(i));
      }
      this.whole = hash;
      this.at = from - 1;
    }

    int count() {
      return to == from ? 0 : to - from + 1;
    }

    /// The next hash: of the whole first, then without each character.
    long next() {
      if (at < from) {
        at = from;
        return whole;
      }
      // whole = before * BASE^(rest + 1) + c * BASE^rest + after, and before * BASE^rest + after is
      // asked for.
      int c = small(text.charAt(at));
      int rest = to - at - 1;
      long with = before * BASE + c;
      long hash = whole - with * POWERS[rest] + before * POWERS[rest];
      before = with;
      at++;
      return hash;
    }
  }
}
