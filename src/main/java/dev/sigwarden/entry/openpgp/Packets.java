package dev.sigwarden.entry.openpgp;

import dev.sigwarden.entry.x509.MalformedSignerException;

/// A forward-only reader of the packets in a range of bytes. RFC 9580 section 4.2. Only definite
/// lengths: a key has no use for partial ones, and a reader that joins them another way would see
/// other packets.
final class Packets {
  static final int SIGNATURE = 2;
  static final int PUBLIC_KEY = 6;
  static final int TRUST = 12;
  static final int USER_ID = 13;
  static final int PUBLIC_SUBKEY = 14;
  static final int USER_ATTRIBUTE = 17;
  static final int PADDING = 21;

  private final byte[] bytes;
  private final int end;
  private int position;
  private int type;
  private int start;
  private int from;

  /// Before the first packet in `[from, to)` of `bytes`, which are not copied.
  Packets(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
  }

  /// Moves to the next packet; false if there is none.
  boolean next() throws MalformedSignerException {
    if (position == end) {
      return false;
    }
    start = position;
    int header = bytes[position++] & 0xff;
    if ((header & 0x80) == 0) {
      throw new MalformedSignerException("OpenPGP key: no packet at byte %d".formatted(start));
    }
    boolean isNew = (header & 0x40) != 0;
    type = isNew ? header & 0x3f : (header >> 2) & 0x0f;
    long length = isNew ? newLength() : oldLength(header & 3);
    if (length > end - position) {
      throw new MalformedSignerException(
          "OpenPGP key: a packet of %d bytes where %d are left".formatted(length, end - position));
    }
    from = position;
    position += (int) length;
    return true;
  }

  /// The current packet's type.
  int type() {
    return type;
  }

  /// Where the current packet starts, its header included.
  int start() {
    return start;
  }

  /// Where the current packet's body starts.
  int from() {
    return from;
  }

  /// Where the current packet ends, exclusive.
  int to() {
    return position;
  }

  /// RFC 9580 section 4.2.1.
  private long newLength() throws MalformedSignerException {
    long first = number(1);
    if (first < 192) {
      return first;
    }
    if (first < 224) {
      return ((first - 192) << 8) + number(1) + 192;
    }
    if (first < 255) {
      throw new MalformedSignerException(
          "OpenPGP key: a partial length at byte %d (expected: a definite one)".formatted(start));
    }
    return number(4);
  }

  /// RFC 9580 section 4.2.2.
  private long oldLength(int form) throws MalformedSignerException {
    if (form == 3) {
      throw new MalformedSignerException(
          "OpenPGP key: an open length at byte %d (expected: a definite one)".formatted(start));
    }
    return number(1 << form);
  }

  private long number(int count) throws MalformedSignerException {
    if (count > end - position) {
      throw new MalformedSignerException("OpenPGP key: cut at byte %d".formatted(end));
    }
    long number = 0;
    for (int i = 0; i < count; i++) {
      number = number << Byte.SIZE | (bytes[position++] & 0xff);
    }
    return number;
  }
}
