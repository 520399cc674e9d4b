package dev.sigwarden.cose;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A map of header parameters or claims, read by label and type: a value of another type than asked
/// for is malformed, not absent.
///
/// @param name what the map is, for messages
record Headers(String name, Cbor.Table table) {
  private static final long EPOCH_TIME = 1;

  /// The latest time that is read, in seconds: the year 9999. RFC 8949 section 3.4.2 sets no end.
  private static final long MAX_SECONDS = 253_402_300_799L;

  /// A label that is a number.
  static Cbor label(long number) {
    return new Cbor.Int(number);
  }

  /// A label that is text.
  static Cbor label(String text) {
    return new Cbor.Text(text);
  }

  boolean has(Cbor label) {
    return table.entries().containsKey(label);
  }

  Set<Cbor> labels() {
    return table.entries().keySet();
  }

  Optional<Cbor> find(Cbor label) {
    return Optional.ofNullable(table.entries().get(label));
  }

  OptionalLong integer(Cbor label) throws MalformedCoseException {
    Cbor found = table.entries().get(label);
    if (found == null) {
      return OptionalLong.empty();
    }
    if (found instanceof Cbor.Int(long value)) {
      return OptionalLong.of(value);
    }
    throw wrong(label, found, "an integer");
  }

  Optional<String> text(Cbor label) throws MalformedCoseException {
    Cbor found = table.entries().get(label);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof Cbor.Text(String value)) {
      return Optional.of(value);
    }
    throw wrong(label, found, "text");
  }

  Optional<Cbor.Bytes> bytes(Cbor label) throws MalformedCoseException {
    Cbor found = table.entries().get(label);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof Cbor.Bytes value) {
      return Optional.of(value);
    }
    throw wrong(label, found, "bytes");
  }

  Optional<List<Cbor>> array(Cbor label) throws MalformedCoseException {
    Cbor found = table.entries().get(label);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof Cbor.Array(List<Cbor> items)) {
      return Optional.of(items);
    }
    throw wrong(label, found, "an array");
  }

  Optional<Headers> headers(Cbor label) throws MalformedCoseException {
    Cbor found = table.entries().get(label);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof Cbor.Table inner) {
      return Optional.of(new Headers(name + " " + Shown.item(label), inner));
    }
    throw wrong(label, found, "a map");
  }

  /// A number or text, as text.
  Optional<String> numberOrText(Cbor label) throws MalformedCoseException {
    Cbor found = table.entries().get(label);
    return switch (found) {
      case null -> Optional.empty();
      case Cbor.Int(long value) -> Optional.of(Long.toString(value));
      case Cbor.Text(String value) -> Optional.of(value);
      default -> throw wrong(label, found, "an integer or text");
    };
  }

  /// Seconds since 1970, with or without tag 1. RFC 8392 section 2 leaves the tag out, Microsoft's
  /// statements have it.
  Optional<Instant> time(Cbor label) throws MalformedCoseException {
    Cbor found = table.entries().get(label);
    if (found == null) {
      return Optional.empty();
    }
    Cbor number =
        found instanceof Cbor.Tagged(long tag, Cbor item) && tag == EPOCH_TIME ? item : found;
    if (number instanceof Cbor.Int(long seconds) && seconds >= 0 && seconds <= MAX_SECONDS) {
      return Optional.of(Instant.ofEpochSecond(seconds));
    }
    throw wrong(label, found, "seconds, 0 to " + MAX_SECONDS);
  }

  MalformedCoseException wrong(Cbor label, Cbor found, String expected) {
    return wrong(label, Shown.item(found), expected);
  }

  MalformedCoseException wrong(Cbor label, String found, String expected) {
    return new MalformedCoseException(
        "%s %s: %s (expected: %s)".formatted(name, Shown.item(label), found, expected));
  }
}
