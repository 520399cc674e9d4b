package dev.sigwarden.lookalike;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Places near a given one: drawn alike, in other case, at another host, or one edit away in one of
/// their two names. Finds all of these and some others, which the caller sorts out. Immutable.
///
/// Each place is filed under hashes of its names folded, and of its names with one character left
/// out: one edit lies between two names only if they share such a rest, or one is a rest of the
/// other. A place that is near nothing is told so by one look into a bit table for each character
/// of its first name.
public final class Nearby {
  /// Characters of a name whose edits are looked for: forges allow at most 100, DNS labels 63.
  private static final int MAX_NAME = 128;

  /// Candidates that are looked at for one subject; a place shared by more watches than that is
  /// told by the first of them.
  private static final int MAX_FOUND = 256;

  /// Bits of a filed key that say which place it belongs to.
  private static final int NUMBER_BITS = 22;

  private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;

  /// Bits of the table for each key in it: one look in 16 is wrong at most.
  private static final int BITS_PER_KEY = 16;

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
    SIEVE_EDITED(7);

    /// Tells the hashes of one from those of another.
    private final long salt;

    Same(long salt) {
      this.salt = salt;
    }
  }

  /// The skeleton of each ASCII character in small letters, with those made one that are drawn
  /// alike in one case and differ in the other: `i`, `l` and what is drawn like them.
  private static final char[][] FOLDED = new char[128][];

  static {
    for (int c = 0; c < FOLDED.length; c++) {
      FOLDED[c] = folded(Confusables.skeletonOfAscii(c));
    }
  }

  private static char[] folded(String skeleton) {
    StringBuilder folded = new StringBuilder();
    for (int i = 0; i < skeleton.length(); i++) {
      char small = Character.toLowerCase(skeleton.charAt(i));
      folded.append(small < 128 ? Confusables.skeletonOfAscii(small) : Character.toString(small));
    }
    return folded.toString().replace('i', 'l').toCharArray();
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
      file(anySecond ? key(Same.FIRST, first, 0) : key(Same.BOTH, first, second), number);
      for (long rest : rests(place.text(), place.firstFrom(), place.firstTo())) {
        sieve(key(Same.SIEVE_EDITED, rest, 0));
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
      int bits = Math.max(64, Integer.highestOneBit(Math.max(1, sieveCount) * BITS_PER_KEY) * 2);
      long[] table = new long[bits / 64];
      for (int i = 0; i < sieveCount; i++) {
        int bit = bit(sieved[i], table);
        table[bit >>> 6] |= 1L << bit;
      }
      return new Nearby(sorted, table);
    }
  }

  /// The numbers of places that may be near, each once; null for none, which is nearly always.
  public @Nullable BitSet find(Place place) {
    BitSet found = null;
    String text = place.text();
    long first = fold(text, place.firstFrom(), place.firstTo());
    if (inTable(key(Same.SIEVE_FOLDED, first, 0))) {
      long second = fold(text, place.secondFrom(), place.secondTo());
      found = collect(key(Same.FIRST, first, 0), found);
      found = collect(key(Same.BOTH, first, second), found);
      Rests rests = new Rests(text, place.secondFrom(), place.secondTo());
      for (int i = rests.count(); i > 0; i--) {
        found = collect(key(Same.FIRST_AND_EDITED_SECOND, first, rests.next()), found);
      }
    }
    Rests rests = new Rests(text, place.firstFrom(), place.firstTo());
    for (int i = rests.count(); i > 0; i--) {
      long rest = rests.next();
      if (inTable(key(Same.SIEVE_EDITED, rest, 0))) {
        long second = fold(text, place.secondFrom(), place.secondTo());
        found = collect(key(Same.EDITED_FIRST, rest, 0), found);
        found = collect(key(Same.EDITED_FIRST_AND_SECOND, rest, second), found);
      }
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
    int bit = bit(key, table);
    return (table[bit >>> 6] & 1L << bit) != 0;
  }

  private static int bit(long key, long[] table) {
    return (int) (key >>> 32) & (table.length * 64 - 1);
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
        for (char folded : FOLDED[c]) {
          hash = hash * BASE + folded;
        }
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
        hash = hash * BASE + small(i);
      }
      this.whole = hash;
      this.at = from - 1;
    }

    private int small(int i) {
      char c = text.charAt(i);
      return c < 128 ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : Character.toLowerCase(c);
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
      int c = small(at);
      int rest = to - at - 1;
      long with = before * BASE + c;
      long hash = whole - with * POWERS[rest] + before * POWERS[rest];
      before = with;
      at++;
      return hash;
    }
  }
}
