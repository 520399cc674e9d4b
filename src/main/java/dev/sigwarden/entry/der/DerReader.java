package dev.sigwarden.entry.der;

/// A forward-only reader of the elements that follow each other in one range of bytes. X.690
/// sections 8.1 and 10.1: only definite lengths, each in its shortest form.
///
/// It does not go into elements by itself, so nesting costs no stack.
public final class DerReader {
  /// Tags of the universal class, the constructed bit included where DER sets it.
  public static final int BOOLEAN = 0x01;

  public static final int INTEGER = 0x02;
  public static final int BIT_STRING = 0x03;
  public static final int OCTET_STRING = 0x04;
  public static final int NULL = 0x05;
  public static final int OBJECT_IDENTIFIER = 0x06;
  public static final int UTC_TIME = 0x17;
  public static final int GENERALIZED_TIME = 0x18;
  public static final int SEQUENCE = 0x30;
  public static final int SET = 0x31;

  /// The most bytes of a length: four say up to 4 GiB, more than any array holds.
  private static final int MAX_LENGTH_BYTES = 4;

  /// The most bytes of a tag number: four say up to 2^28.
  private static final int MAX_TAG_BYTES = 4;

  private final byte[] bytes;
  private int end;
  private int position;
  private int tag;
  private int start;
  private int from;

  /// Before the first element in `[from, to)` of `bytes`, which are not copied.
  public DerReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
  }

  /// Moves to the next element; false if there is none.
  public boolean next() throws MalformedDerException {
    if (position >= end) {
      return false;
    }
    start = position;
    int at = position;
    tag = bytes[at++] & 0xff;
    if ((tag & 0x1f) == 0x1f) {
      at = afterTagNumber(at);
    }
    if (at >= end) {
      throw new MalformedDerException("at byte %d: no length".formatted(start));
    }
    int length = bytes[at++];
    if (length < 0) {
      int count = length & 0x7f;
      length = longLength(at, count);
      at += count;
    }
    if (length > end - at) {
      throw cut(length, end - at);
    }
    from = at;
    position = at + length;
    return true;
  }

  /// The length in the `count` bytes at `at`, at most what an array can hold.
  private int longLength(int at, int count) throws MalformedDerException {
    if (count == 0 || count > MAX_LENGTH_BYTES || count > end - at) {
      throw new MalformedDerException(
          "at byte %d: length of form 0x%02x (expected: definite, at most %d bytes, complete)"
              .formatted(start, 0x80 | count, MAX_LENGTH_BYTES));
    }
    long length = 0;
    for (int i = at; i < at + count; i++) {
      length = length << 8 | (bytes[i] & 0xff);
    }
    if (length < 0x80 || length >>> (8 * (count - 1)) == 0) {
      throw new MalformedDerException(
          "at byte %d: length %d not in its shortest form".formatted(start, length));
    }
    if (length > Integer.MAX_VALUE) {
      throw cut(length, end - at - count);
    }
    return (int) length;
  }

  private MalformedDerException cut(long length, int left) {
    return new MalformedDerException(
        "at byte %d: an element of %d bytes where %d are left".formatted(start, length, left));
  }

  /// Moves to the next element, which must be there and have this tag.
  ///
  /// @param what its name in words, for the message
  public DerReader expect(int expectedTag, String what) throws MalformedDerException {
    if (!next()) {
      throw new MalformedDerException("at byte %d: no %s".formatted(end, what));
    }
    if (tag != expectedTag) {
      throw unexpected(expectedTag, what);
    }
    return this;
  }

  private MalformedDerException unexpected(int expectedTag, String what) {
    return new MalformedDerException(
        "at byte %d: tag 0x%02x (expected: 0x%02x, %s)".formatted(start, tag, expectedTag, what));
  }

  /// A reader of the elements inside the current one.
  public DerReader inside() {
    return new DerReader(bytes, from, position);
  }

  /// Makes this a reader of the elements inside the current one of `outer`, which reads the same
  /// bytes: `inside` for a loop over many that makes no reader for each.
  public DerReader enter(DerReader outer) {
    position = outer.from;
    end = outer.position;
    return this;
  }

  /// The current element's first tag byte: class, constructed bit, and number up to 30.
  public int tag() {
    return tag;
  }

  /// Where the current element starts, its tag included.
  public int start() {
    return start;
  }

  /// Where the current element's contents start.
  public int from() {
    return from;
  }

  /// Where the current element ends, in its bytes' index, exclusive.
  public int to() {
    return position;
  }

  /// The length of the current element's contents in bytes.
  public int length() {
    return position - from;
  }

  /// The bytes after the current element that were not read yet.
  public int left() {
    return end - position;
  }

  private int afterTagNumber(int at) throws MalformedDerException {
    for (int i = at; i < Math.min(end, at + MAX_TAG_BYTES); i++) {
      if (bytes[i] >= 0) {
        return i + 1;
      }
    }
    throw new MalformedDerException(
        "at byte %d: tag number of more than %d bytes or cut".formatted(start, MAX_TAG_BYTES));
  }
}
