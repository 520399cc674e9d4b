package dev.sigwarden.practice;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes CBOR (RFC 8949) with lengths in their shortest form. The caller keeps counts and order.
/// Apart from the writer of `cose`, so that a mistake of one is not a mistake of both.
final class PracticeCbor {
  private static final int INTEGER = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int FALSE = 0xf4;
  private static final int TRUE = 0xf5;
  private static final int NULL = 0xf6;

  /// The largest argument that stands in the first byte itself. RFC 8949 section 3.
  private static final int MAX_IMMEDIATE = 23;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PracticeCbor integer(long value) {
    return value < 0 ? head(NEGATIVE, ~value) : head(INTEGER, value);
  }

  PracticeCbor bytes(byte[] value) {
    return head(BYTES, value.length).encoded(value);
  }

  PracticeCbor text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return head(TEXT, utf8.length).encoded(utf8);
  }

  PracticeCbor array(int count) {
    return head(ARRAY, count);
  }

  PracticeCbor map(int count) {
    return head(MAP, count);
  }

  PracticeCbor tag(long tag) {
    return head(TAG, tag);
  }

  PracticeCbor bool(boolean value) {
    out.write(value ? TRUE : FALSE);
    return this;
  }

  PracticeCbor nil() {
    out.write(NULL);
    return this;
  }

  /// Bytes that are CBOR already.
  PracticeCbor encoded(byte[] cbor) {
    out.writeBytes(cbor);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private PracticeCbor head(int major, long argument) {
    if (argument <= MAX_IMMEDIATE) {
      out.write((major << 5) | (int) argument);
      return this;
    }
    int bytes = argument < 1L << 8 ? 1 : argument < 1L << 16 ? 2 : argument < 1L << 32 ? 4 : 8;
    out.write((major << 5) | (MAX_IMMEDIATE + 1 + Integer.numberOfTrailingZeros(bytes)));
    for (int left = bytes - 1; left >= 0; left--) {
      out.write((int) (argument >>> (Byte.SIZE * left)));
    }
    return this;
  }
}
