package dev.sigwarden.cose;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A CBOR data item (RFC 8949) as `CborReader` leaves it: compared by value.
public sealed interface Cbor {
  /// An integer that fits 64 bits with its sign.
  record Int(long value) implements Cbor {}

  /// A text string.
  record Text(String value) implements Cbor {}

  /// An array.
  record Array(List<Cbor> items) implements Cbor {
    public Array {
      items = List.copyOf(items);
    }
  }

  /// A map.
  ///
  /// @param entries in the order that they were written in; keys are integers and texts
  record Table(Map<Cbor, Cbor> entries) implements Cbor {
    public Table {
      entries = Collections.unmodifiableMap(entries);
    }
  }

  /// An item with a tag.
  ///
  /// @param tag `>= 0`
  record Tagged(long tag, Cbor item) implements Cbor {}

  /// True or false.
  record Bool(boolean value) implements Cbor {}

  /// Null.
  record Nil() implements Cbor {}

  /// Undefined, another simple value, or a float, of which only equality matters here.
  ///
  /// @param kind the low five bits of the first byte
  /// @param bits what follows it
  record Other(int kind, long bits) implements Cbor {}

  /// A byte string, a view into what was read. A class for its array.
  final class Bytes implements Cbor {
    private final byte[] buffer;
    private final int from;
    private final int to;

    Bytes(byte[] buffer, int from, int to) {
      Objects.checkFromToIndex(from, to, buffer.length);
      this.buffer = buffer;
      this.from = from;
      this.to = to;
    }

    /// All of `bytes`, not copied.
    public static Bytes of(byte[] bytes) {
      return new Bytes(bytes, 0, bytes.length);
    }

    /// The length in bytes.
    public int length() {
      return to - from;
    }

    /// A copy.
    public byte[] toBytes() {
      return Arrays.copyOfRange(buffer, from, to);
    }

    /// Lowercase hex.
    public String toHex() {
      return HexFormat.of().formatHex(buffer, from, to);
    }

    byte[] buffer() {
      return buffer;
    }

    int from() {
      return from;
    }

    int to() {
      return to;
    }

    void addTo(MessageDigest digest) {
      digest.update(buffer, from, to - from);
    }

    boolean isEqualTo(byte[] bytes) {
      return Arrays.equals(buffer, from, to, bytes, 0, bytes.length);
    }

    /// Same bytes.
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that
          && Arrays.equals(buffer, from, to, that.buffer, that.from, that.to);
    }

    @Override
    public int hashCode() {
      int hash = 1;
      for (int i = from; i < to; i++) {
        hash = 31 * hash + buffer[i];
      }
      return hash;
    }

    /// The length, for a debugger or a failed test.
    @Override
    public String toString() {
      return "Bytes[" + length() + "]";
    }
  }
}
