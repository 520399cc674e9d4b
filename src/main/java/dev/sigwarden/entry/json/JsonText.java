package dev.sigwarden.entry.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The tokens of JSON text (RFC 8259) in a range of bytes: strings in UTF-8 that is well-formed,
/// numbers and literals as the grammar has them. Stands at one byte and only moves forward. Every
/// method that reads a token throws `MalformedJsonException` for bytes that are none.
final class JsonText {
  /// What `next` answers where the bytes end.
  static final int END = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  /// Short strings seen lately, by a hash of their bytes: nearly all names, kinds and algorithms
  /// are the same few. Whoever writes entries can at most drive others out. Races are harmless,
  /// since what is remembered is immutable.
  private static final @Nullable Remembered[] LATELY = new @Nullable Remembered[512];

  /// Leaves the upper nine bits of 64: a place among 512.
  private static final int SLOT_SHIFT = Long.SIZE - 9;

  /// Strings longer than this are not remembered, in bytes: what three times eight bytes hold.
  /// Rekor's longest name has 23.
  private static final int MAX_REMEMBERED = 3 * Long.BYTES;

  /// Spreads the bits of a product over its upper half: 2^64 divided by the golden ratio.
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  /// A string of ASCII without escapes, its first eight bytes, those after them and its last eight
  /// as numbers. The three may overlap, and are 0 where there are no bytes for them.
  private record Remembered(int length, long first, long middle, long last, String text) {}

  private final byte[] bytes;
  private final int end;
  private int at;

  JsonText(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /// The next byte that is not white space, where this then stands; `END` if there is none.
  int next() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xff;
      }
      at++;
    }
    return END;
  }

  /// Moves past the byte that `next` answered.
  void pass() {
    at++;
  }

  /// The index of the byte where this stands.
  int position() {
    return at;
  }

  /// What stands here, in words.
  String found() {
    int next = next();
    return next == END
        ? "the end"
        : next > ' ' && next < 0x7f ? "" + (char) next : "byte 0x%02x".formatted(next);
  }

  /// The string here.
  String string() throws MalformedJsonException {
    int from = at + 1;
    int to = special(from);
    int length = to - from;
    if (to == end
        || bytes[to] != '"'
        || length > MAX_REMEMBERED
        || bytes.length - from < Long.BYTES) {
      return string(to);
    }
    at = to + 1;
    long first = (long) LONGS.get(bytes, from);
    long middle = 0;
    long last = 0;
    if (length < Long.BYTES) {
      first &= (1L << (Byte.SIZE * length)) - 1;
    } else {
      last = (long) LONGS.get(bytes, to - Long.BYTES);
      middle = length < 2 * Long.BYTES ? 0 : (long) LONGS.get(bytes, from + Long.BYTES);
    }
    int slot = (int) (((first + 31 * last + length) * SPREAD) >>> SLOT_SHIFT);
    Remembered known = LATELY[slot];
    if (known == null
        || known.length != length
        || known.first != first
        || known.middle != middle
        || known.last != last) {
      String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
      known = new Remembered(length, first, middle, last, text);
      LATELY[slot] = known;
    }
    return known.text;
  }

  /// The string here, of which the first byte that does not stand for itself is at `special`.
  private String string(int special) throws MalformedJsonException {
    int from = at + 1;
    int escape = -1;
    boolean ascii = true;
    int i = special;
    while (i < end && bytes[i] != '"') {
      if (bytes[i] == '\\') {
        escape = escape < 0 ? i : escape;
        i = afterEscape(i);
      } else {
        ascii = false;
        i = afterCharacter(i);
      }
      i = special(i);
    }
    if (i >= end) {
      throw new MalformedJsonException("not strict JSON: a string without its end");
    }
    at = i + 1;
    if (escape < 0) {
      return new String(
          bytes, from, i - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }
    return unescaped(from, escape, i);
  }

  /// Moves past the string here.
  void skipString() throws MalformedJsonException {
    int to = special(at + 1);
    if (to < end && bytes[to] == '"') {
      at = to + 1;
    } else {
      string(to);
    }
  }

  /// The bytes of the string here, if it holds none below `+`, the lowest of base64; null if it
  /// does. What else they are is for the caller to check. Stays.
  @Nullable ByteBuffer upToQuote() {
    int from = at + 1;
    int to = low(from);
    return to == end || bytes[to] != '"' ? null : ByteBuffer.wrap(bytes, from, to - from);
  }

  /// Moves past the string that has these bytes and its quote.
  void pass(ByteBuffer string) {
    at = string.limit() + 1;
  }

  /// The index of the first byte below `+` from `from` on; `end` if there is none. 32 bytes at a
  /// time: what is searched is nearly always a certificate.
  private int low(int from) {
    int i = from;
    for (; i <= end - 4 * Long.BYTES; i += 4 * Long.BYTES) {
      long found =
          low((long) LONGS.get(bytes, i))
              | low((long) LONGS.get(bytes, i + Long.BYTES))
              | low((long) LONGS.get(bytes, i + 2 * Long.BYTES))
              | low((long) LONGS.get(bytes, i + 3 * Long.BYTES));
      if ((found & HIGH_BITS) != 0) {
        break;
      }
    }
    while (i < end && (bytes[i] >= '+' || bytes[i] < 0)) {
      i++;
    }
    return i;
  }

  /// High bits where a byte is below `+`, and maybe some above the lowest such byte.
  private static long low(long eight) {
    return eight - '+' * LOW_BITS & ~eight;
  }

  /// The index from `from` on of the first byte that does not simply stand for itself in a string:
  /// quote, backslash, control, not ASCII; `end` if there is none. Eight bytes at a time.
  private int special(int from) {
    int i = from;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, i);
      long quotes = eight ^ '"' * LOW_BITS;
      long slashes = eight ^ '\\' * LOW_BITS;
      // A byte is 0 if subtracting 1 borrows from its high bit, and below ' ' if subtracting ' '
      // does. The lowest bit found is always right, and only that one is used.
      long zeros = (quotes - LOW_BITS & ~quotes) | (slashes - LOW_BITS & ~slashes);
      long controls = eight - ' ' * LOW_BITS & ~eight;
      long found = (zeros | controls | eight) & HIGH_BITS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < end && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
      i++;
    }
    return i;
  }

  /// The index after the escape at `i`. RFC 8259 section 7.
  private int afterEscape(int i) throws MalformedJsonException {
    int kind = i + 1 < end ? bytes[i + 1] : END;
    switch (kind) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return i + 2;
      }
      case 'u' -> {
        if (end - i >= 6 && hex(i + 2) >= 0) {
          return i + 6;
        }
      }
      default -> {}
    }
    throw new MalformedJsonException("not strict JSON: a broken escape in a string");
  }

  /// The number of the four hex digits at `i`, -1 if they are none.
  private int hex(int i) {
    int number = 0;
    for (int k = i; k < i + 4; k++) {
      int digit = bytes[k] < 0 ? -1 : Character.digit((char) bytes[k], 16);
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }

  /// The index after the character outside ASCII at `i`. RFC 3629 section 4.
  private int afterCharacter(int i) throws MalformedJsonException {
    int first = bytes[i] & 0xff;
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    boolean whole = length > 0 && length <= end - i;
    for (int k = i + 1; whole && k < i + length; k++) {
      whole = (bytes[k] & 0xc0) == 0x80;
    }
    if (whole && length > 2) {
      int second = bytes[i + 1] & 0xff;
      // Not the longer form of a shorter one, no surrogate, nothing above U+10FFFF.
      whole =
          switch (first) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
          };
    }
    if (!whole) {
      throw new MalformedJsonException(
          first < ' '
              ? "not strict JSON: a control character in a string"
              : "not strict JSON: bytes in a string that are not UTF-8");
    }
    return i + length;
  }

  /// The string in `[from, to)`, which was checked, its first escape at `escape`.
  private String unescaped(int from, int escape, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int plain = from;
    int i = escape;
    while (i < to) {
      if (bytes[i] != '\\') {
        i++;
        continue;
      }
      text.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
      char kind = (char) bytes[i + 1];
      text.append(
          switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) hex(i + 2);
            default -> kind;
          });
      i += kind == 'u' ? 6 : 2;
      plain = i;
    }
    return text.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8)).toString();
  }

  /// Moves past the number or literal here.
  void skipScalar() throws MalformedJsonException {
    int first = next();
    switch (first) {
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number(first);
    }
  }

  private void literal(String literal) throws MalformedJsonException {
    int length = literal.length();
    boolean same = end - at >= length;
    for (int i = 0; same && i < length; i++) {
      same = literal.charAt(i) == bytes[at + i];
    }
    if (!same) {
      throw new MalformedJsonException("not strict JSON: no value that JSON has");
    }
    at += length;
  }

  /// RFC 8259 section 6. What follows is for the next token to say: no token begins as a number
  /// goes on.
  private void number(int first) throws MalformedJsonException {
    if (first == '-') {
      at++;
    }
    boolean zero = at < end && bytes[at] == '0';
    int whole = digits();
    boolean good = whole > 0 && !(zero && whole > 1);
    if (good && at < end && bytes[at] == '.') {
      at++;
      good = digits() > 0;
    }
    if (good && at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      good = digits() > 0;
    }
    if (!good) {
      throw new MalformedJsonException("not strict JSON: no value that JSON has");
    }
  }

  /// Moves past decimal digits and returns how many there were.
  private int digits() {
    int from = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at - from;
  }
}
