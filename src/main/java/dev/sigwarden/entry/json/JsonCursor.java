package dev.sigwarden.entry.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.sigwarden.entry.EntryBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A forward-only reader of one JSON object in a range of bytes, without a tree: ask for names with
/// `nextName` and take or skip each value. A repeated key, at any depth, is malformed, since two
/// readers may differ in which value they take. Every method throws `MalformedJsonException` for
/// bytes that are not what it asks for.
public final class JsonCursor implements AutoCloseable {
  /// The deepest nesting in levels. Rekor entries have at most 8; the rest is room for fields that
  /// are skipped.
  static final int MAX_DEPTH = 64;

  private static final int QUOTE = '"';

  /// Names are not interned: they are an attacker's, and the JVM's table of them is shared.
  static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final byte[] buffer;
  private final int offset;
  private final int end;
  private final JsonParser parser;
  private boolean atValue;

  private JsonCursor(byte[] buffer, int offset, int end, JsonParser parser) {
    this.buffer = buffer;
    this.offset = offset;
    this.end = end;
    this.parser = parser;
  }

  /// A cursor inside the object that the `length` bytes at `offset` of `buffer` start with, before
  /// its first name. The bytes are UTF-8 and are not copied.
  public static JsonCursor open(byte[] buffer, int offset, int length)
      throws MalformedJsonException {
    // A first byte { and a second one that is not 0 also rule out UTF-16 and UTF-32, which Jackson
    // would accept.
    if (length < 2 || buffer[offset] != '{' || buffer[offset + 1] == 0) {
      throw new MalformedJsonException(
          "not a JSON object: %d bytes that do not start with { in UTF-8".formatted(length));
    }
    try {
      JsonParser parser = JSON.createParser(buffer, offset, length);
      JsonCursor cursor = new JsonCursor(buffer, offset, offset + length, parser);
      cursor.enterObject();
      return cursor;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// The name of the object's next member, null at the object's end. The member's value is to be
  /// taken or skipped before the next call.
  public @Nullable String nextName() throws MalformedJsonException {
    try {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.FIELD_NAME) {
        return parser.currentName();
      }
      if (token == JsonToken.END_OBJECT) {
        return null;
      }
      throw unexpected(token, "a name");
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// Goes into the object that is the next value.
  public void enterObject() throws MalformedJsonException {
    take(JsonToken.START_OBJECT, "an object");
  }

  /// Goes into the array that is the next value.
  public void enterArray() throws MalformedJsonException {
    take(JsonToken.START_ARRAY, "an array");
  }

  /// Whether the array has another element, which is then the next value; false leaves the array.
  public boolean nextElement() throws MalformedJsonException {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw unexpected(null, "an element");
      }
      atValue = token != JsonToken.END_ARRAY;
      return atValue;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// The next value, a string.
  public String text() throws MalformedJsonException {
    take(JsonToken.VALUE_STRING, "a string");
    try {
      return parser.getText();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// The next value, a string, decoded from standard base64. RFC 4648 section 4.
  public byte[] base64() throws MalformedJsonException {
    take(JsonToken.VALUE_STRING, "a base64 string");
    try {
      int from = offset + (int) parser.currentTokenLocation().getByteOffset() + 1;
      int to = closingQuote(from);
      if (to >= 0) {
        // Straight from the entry's bytes: a string of Jackson's would cost three more copies.
        return decoded(ByteBuffer.wrap(buffer, from, to - from));
      }
      return Base64.getDecoder().decode(parser.getText());
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("not base64: " + e.getMessage());
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// Whether the next value is a string; it is still to be taken or skipped.
  public boolean isText() throws MalformedJsonException {
    try {
      JsonToken token = atValue ? parser.currentToken() : parser.nextToken();
      if (token == null) {
        throw unexpected(null, "a value");
      }
      atValue = true;
      return token == JsonToken.VALUE_STRING;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// The next value, an object, as the bytes that it stands in, unread but checked.
  public EntryBytes object() throws MalformedJsonException {
    take(JsonToken.START_OBJECT, "an object");
    try {
      int from = offset + (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      int to = offset + (int) parser.currentTokenLocation().getByteOffset() + 1;
      return new EntryBytes(buffer, from, to - from);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// Passes over the next value, whatever it is.
  public void skip() throws MalformedJsonException {
    try {
      if (!atValue) {
        parser.nextToken();
      }
      atValue = false;
      parser.skipChildren();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// Checks that nothing but white space follows the object.
  public void end() throws MalformedJsonException {
    try {
      JsonToken token = parser.nextToken();
      if (token != null) {
        throw unexpected(token, "nothing after the object");
      }
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a parser of bytes in memory has nothing to close", e);
    }
  }

  private void take(JsonToken expected, String inWords) throws MalformedJsonException {
    try {
      JsonToken token = atValue ? parser.currentToken() : parser.nextToken();
      atValue = false;
      if (token != expected) {
        throw unexpected(token, inWords);
      }
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// The index of the quote that ends the string starting at `from`, or -1 if the string has an
  /// escape or anything but printable ASCII, so that Jackson has to decode it.
  private int closingQuote(int from) {
    if (from < 1 || from > end || buffer[from - 1] != QUOTE) {
      return -1;
    }
    for (int i = from; i < end; i++) {
      byte b = buffer[i];
      if (b == QUOTE) {
        return i;
      }
      if (b < ' ' || b == '\\') {
        return -1;
      }
    }
    return -1;
  }

  private static byte[] decoded(ByteBuffer base64) {
    ByteBuffer bytes = Base64.getDecoder().decode(base64);
    if (bytes.arrayOffset() == 0 && bytes.limit() == bytes.array().length) {
      return bytes.array();
    }
    byte[] exact = new byte[bytes.remaining()];
    bytes.get(exact);
    return exact;
  }

  private MalformedJsonException unexpected(@Nullable JsonToken found, String expected) {
    return new MalformedJsonException(
        "at %s: %s (expected: %s)"
            .formatted(
                parser.getParsingContext().pathAsPointer(),
                found == null ? "the end" : found.toString(),
                expected));
  }

  static MalformedJsonException malformed(IOException e) {
    String reason =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return new MalformedJsonException("not strict JSON: " + reason);
  }
}
