package dev.sigwarden.cose;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes CBOR as `CborReader` reads it. The caller keeps counts and order.
public final class CborWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// An integer.
  public CborWriter integer(long value) {
    return value >= 0 ? head(0, value) : head(1, -1 - value);
  }

  /// A byte string.
  public CborWriter bytes(byte[] value) {
    head(2, value.length);
    out.writeBytes(value);
    return this;
  }

  /// A text string.
  public CborWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    head(3, utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  /// The start of an array of `count` items.
  public CborWriter array(int count) {
    return head(4, count);
  }

  /// The start of a map of `count` pairs.
  public CborWriter map(int count) {
    return head(5, count);
  }

  /// A tag on the next item.
  public CborWriter tag(long tag) {
    return head(6, tag);
  }

  /// True or false.
  public CborWriter bool(boolean value) {
    out.write(value ? 0xf5 : 0xf4);
    return this;
  }

  /// Null.
  public CborWriter nil() {
    out.write(0xf6);
    return this;
  }

  /// An item that is encoded already.
  public CborWriter encoded(byte[] cbor) {
    out.writeBytes(cbor);
    return this;
  }

  /// An item that was read: the same bytes again, since there is one form only.
  CborWriter item(Cbor item) {
    switch (item) {
      case Cbor.Int(long value) -> integer(value);
      case Cbor.Text(String value) -> text(value);
      case Cbor.Bytes bytes -> bytes(bytes.toBytes());
      case Cbor.Array(var items) -> {
        array(items.size());
        items.forEach(this::item);
      }
      case Cbor.Table(var entries) -> {
        map(entries.size());
        entries.forEach((key, value) -> item(key).item(value));
      }
      case Cbor.Tagged(long tag, Cbor inner) -> tag(tag).item(inner);
      case Cbor.Bool(boolean value) -> bool(value);
      case Cbor.Nil _ -> nil();
      case Cbor.Other(int kind, long bits) -> {
        out.write(0xe0 | kind);
        for (int shift = kind < 24 ? -1 : 8 * (1 << (kind - 24)) - 8; shift >= 0; shift -= 8) {
          out.write((int) (bits >>> shift));
        }
      }
    }
    return this;
  }

  /// What was written.
  public byte[] toBytes() {
    return out.toByteArray();
  }

  private CborWriter head(int major, long argument) {
    out.writeBytes(encodedHead(major, argument));
    return this;
  }

  /// The first bytes of an item.
  ///
  /// @param argument `>= 0`
  static byte[] encodedHead(int major, long argument) {
    int type = major << 5;
    if (argument < 24) {
      return new byte[] {(byte) (type | argument)};
    }
    int power = argument <= 0xff ? 0 : argument <= 0xffff ? 1 : argument <= 0xffff_ffffL ? 2 : 3;
    byte[] head = new byte[1 + (1 << power)];
    head[0] = (byte) (type | 24 + power);
    for (int i = head.length - 1, shift = 0; i > 0; i--, shift += 8) {
      head[i] = (byte) (argument >>> shift);
    }
    return head;
  }
}
