package dev.sigwarden.cose;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one CBOR item that fills its bytes, in the one form that RFC 8949 section 4.1 prefers:
/// definite lengths and the shortest encoding of each length and integer. Two readers cannot differ
/// about such bytes. Keys of a map are integers or texts and do not repeat; their order is free,
/// since services differ in it.
///
/// Lengths are compared with what is left before anything is allocated; depth and items are
/// bounded.
final class CborReader {
  /// Items inside items. A statement with an attested key in it is 5 deep.
  static final int MAX_DEPTH = 16;

  /// Items in all: an item becomes an object of some 60 bytes. Real statements have under 100, a
  /// list of keys some 200.
  static final int MAX_ITEMS = 10_000;

  private static final int FALSE = 20;
  private static final int TRUE = 21;
  private static final int NULL = 22;
  private static final int FLOAT_16 = 25;
  private static final int FLOAT_64 = 27;
  private static final int INDEFINITE = 31;

  private final byte[] bytes;
  private final int start;
  private final int end;
  private int at;
  private int items;

  private CborReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.start = from;
    this.at = from;
    this.end = to;
  }

  /// The item that `bytes` are, which are kept and must not be written to.
  static Cbor read(byte[] bytes) throws MalformedCoseException {
    return read(bytes, 0, bytes.length);
  }

  /// The item that a byte string holds.
  static Cbor read(Cbor.Bytes bytes) throws MalformedCoseException {
    return read(bytes.buffer(), bytes.from(), bytes.to());
  }

  private static Cbor read(byte[] bytes, int from, int to) throws MalformedCoseException {
    CborReader reader = new CborReader(bytes, from, to);
    Cbor item = reader.item(0);
    if (reader.at < to) {
      throw reader.malformed(
          reader.at, "%d bytes after the item (expected: none)".formatted(to - reader.at));
    }
    return item;
  }

  private Cbor item(int depth) throws MalformedCoseException {
    int first = at;
    if (depth == MAX_DEPTH) {
      throw malformed(first, "items in items (expected: at most %d deep)".formatted(MAX_DEPTH));
    }
    if (++items > MAX_ITEMS) {
      throw malformed(first, "over %d items".formatted(MAX_ITEMS));
    }
    if (at == end) {
      throw malformed(first, "nothing (expected: an item)");
    }
    int initial = bytes[at++] & 0xff;
    int info = initial & 31;
    if (info == INDEFINITE) {
      throw malformed(first, "an indefinite length or a break (expected: a definite length)");
    }
    return switch (initial >> 5) {
      case 0 -> new Cbor.Int(integer(first, info));
      case 1 -> new Cbor.Int(-1 - integer(first, info));
      case 2 -> byteString(first, info);
      case 3 -> text(first, info);
      case 4 -> array(first, count(first, info, 1), depth);
      case 5 -> table(first, count(first, info, 2), depth);
      case 6 -> new Cbor.Tagged(integer(first, info), item(depth + 1));
      default -> simple(first, info);
    };
  }

  /// An integer's or tag's argument, 63 bits of it.
  private long integer(int first, int info) throws MalformedCoseException {
    long value = argument(first, info);
    if (value < 0) {
      throw malformed(first, "an integer or tag of 64 bits (expected: at most 63 and a sign)");
    }
    return value;
  }

  /// The length of a string in bytes, or of an array or map in items, all of which take `each`
  /// bytes at least.
  private int count(int first, int info, int each) throws MalformedCoseException {
    long count = argument(first, info);
    if (count < 0 || count > (end - at) / each) {
      throw malformed(
          first,
          "a length of %s (expected: at most the %d bytes that follow)"
              .formatted(Long.toUnsignedString(count), end - at));
    }
    return (int) count;
  }

  private Cbor.Bytes byteString(int first, int info) throws MalformedCoseException {
    int length = count(first, info, 1);
    at += length;
    return new Cbor.Bytes(bytes, at - length, at);
  }

  private Cbor.Text text(int first, int info) throws MalformedCoseException {
    int length = count(first, info, 1);
    at += length;
    try {
      return new Cbor.Text(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, at - length, length))
              .toString());
    } catch (CharacterCodingException e) {
      throw new MalformedCoseException(
          "byte %d: text that is not UTF-8".formatted(first - start), e);
    }
  }

  private Cbor.Array array(int first, int count, int depth) throws MalformedCoseException {
    if (count > MAX_ITEMS) {
      throw malformed(first, "over %d items".formatted(MAX_ITEMS));
    }
    List<Cbor> found = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      found.add(item(depth + 1));
    }
    return new Cbor.Array(found);
  }

  private Cbor.Table table(int first, int count, int depth) throws MalformedCoseException {
    if (count > MAX_ITEMS / 2) {
      throw malformed(first, "over %d items".formatted(MAX_ITEMS));
    }
    Map<Cbor, Cbor> found = LinkedHashMap.newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      int keyAt = at;
      Cbor key = item(depth + 1);
      if (!(key instanceof Cbor.Int || key instanceof Cbor.Text)) {
        throw malformed(
            keyAt, "%s as a key (expected: integer or text)".formatted(Shown.item(key)));
      }
      if (found.put(key, item(depth + 1)) != null) {
        throw malformed(keyAt, "the key %s twice".formatted(Shown.item(key)));
      }
    }
    return new Cbor.Table(found);
  }

  private Cbor simple(int first, int info) throws MalformedCoseException {
    return switch (info) {
      case FALSE, TRUE -> new Cbor.Bool(info == TRUE);
      case NULL -> new Cbor.Nil();
      case 24 -> {
        long value = following(first, 1);
        if (value < 32) {
          throw malformed(first, "the simple value %d in two bytes".formatted(value));
        }
        yield new Cbor.Other(info, value);
      }
      case FLOAT_16, 26, FLOAT_64 -> new Cbor.Other(info, following(first, 1 << (info - 24)));
      case 28, 29, 30 -> throw malformed(first, "a first byte that is reserved");
      default -> new Cbor.Other(info, 0);
    };
  }

  /// The number in or behind the first byte, unsigned.
  private long argument(int first, int info) throws MalformedCoseException {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw malformed(first, "a first byte that is reserved");
    }
    int length = 1 << (info - 24);
    long value = following(first, length);
    // What the next shorter form can hold: 23, or all of half the bytes.
    long shorter = length == 1 ? 23 : (1L << (8 * length / 2)) - 1;
    if (Long.compareUnsigned(value, shorter) <= 0) {
      throw malformed(
          first,
          "%s in %d bytes (expected: the shortest form)"
              .formatted(Long.toUnsignedString(value), length));
    }
    return value;
  }

  private long following(int first, int length) throws MalformedCoseException {
    if (end - at < length) {
      throw malformed(first, "%d bytes are left (expected: %d)".formatted(end - at, length));
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | (bytes[at++] & 0xff);
    }
    return value;
  }

  private MalformedCoseException malformed(int where, String what) {
    return new MalformedCoseException("byte %d: ".formatted(where - start) + what);
  }
}
