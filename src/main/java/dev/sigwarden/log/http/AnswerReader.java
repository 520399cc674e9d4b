package dev.sigwarden.log.http;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A forward-only reader of one JSON answer: UTF-8, no name twice in an object, nothing behind the
/// value. Every method throws `BadAnswerException` for what is not as it asks.
public final class AnswerReader implements AutoCloseable {
  /// The deepest nesting in levels; answers have five, the rest is room for what is skipped.
  private static final int MAX_DEPTH = 16;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /// Names are not interned: they are the log's, and the JVM's table of them is shared.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final String resource;
  private final JsonParser parser;
  private boolean atValue;

  private AnswerReader(String resource, JsonParser parser) {
    this.resource = resource;
    this.parser = parser;
  }

  /// A reader before the answer's one value.
  ///
  /// @param resource what was asked for, for messages
  public static AnswerReader open(String resource, byte[] bytes) throws BadAnswerException {
    // A first byte of ASCII and a second one that is not 0 also rule out UTF-16 and UTF-32, which
    // Jackson would accept.
    if (bytes.length < 2 || (bytes[0] != '{' && bytes[0] != '[') || bytes[1] == 0) {
      throw new BadAnswerException(
          resource, "%d bytes (expected: a JSON object or array)".formatted(bytes.length));
    }
    try {
      return new AnswerReader(resource, JSON.createParser(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("a parser of bytes in memory has nothing to open", e);
    }
  }

  /// The name of the object's next member, null at the object's end. The member's value is to be
  /// taken or skipped before the next call.
  public @Nullable String nextName() throws BadAnswerException {
    JsonToken token = next();
    if (token == JsonToken.FIELD_NAME) {
      return name();
    }
    if (token == JsonToken.END_OBJECT) {
      return null;
    }
    throw unexpected(token, "a name");
  }

  private String name() throws BadAnswerException {
    try {
      return parser.currentName();
    } catch (IOException e) {
      throw bad(e);
    }
  }

  /// Enters the next value, an object.
  public void enterObject() throws BadAnswerException {
    take(JsonToken.START_OBJECT, "an object");
  }

  /// Enters the next value, an array.
  public void enterArray() throws BadAnswerException {
    take(JsonToken.START_ARRAY, "an array");
  }

  /// Whether the next value is an array, which is then entered; false for null, which is taken: Go
  /// writes an empty list so.
  public boolean enterArrayOrNull() throws BadAnswerException {
    JsonToken token = atValue ? parser.currentToken() : next();
    atValue = false;
    if (token != JsonToken.START_ARRAY && token != JsonToken.VALUE_NULL) {
      throw unexpected(token, "an array or null");
    }
    return token == JsonToken.START_ARRAY;
  }

  /// Whether the array has another element, which is then the next value; false leaves the array.
  public boolean nextElement() throws BadAnswerException {
    JsonToken token = next();
    if (token == null) {
      throw unexpected(null, "an element");
    }
    atValue = token != JsonToken.END_ARRAY;
    return atValue;
  }

  /// The next value, a string.
  public String text() throws BadAnswerException {
    take(JsonToken.VALUE_STRING, "a string");
    try {
      return parser.getText();
    } catch (IOException e) {
      throw bad(e);
    }
  }

  /// The next value, a string of base64, padded, without line breaks.
  public byte[] bytes() throws BadAnswerException {
    take(JsonToken.VALUE_STRING, "a string");
    try {
      return parser.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS);
    } catch (IOException e) {
      throw bad(e);
    }
  }

  /// The next value, a string of base64 that stands for 32 bytes.
  public Hash hashInBase64() throws BadAnswerException {
    byte[] bytes = bytes();
    if (bytes.length != Hash.LENGTH) {
      throw new BadAnswerException(
          resource, "%d bytes at %s (expected: 32)".formatted(bytes.length, where()));
    }
    return Hash.of(bytes);
  }

  /// The next value, an array of such strings, of at most `max`.
  public List<Hash> hashesInBase64(int max) throws BadAnswerException {
    List<Hash> hashes = new ArrayList<>();
    if (enterArrayOrNull()) {
      while (nextElement()) {
        if (hashes.size() == max) {
          throw new BadAnswerException(
              resource, "more than %d hashes at %s".formatted(max, where()));
        }
        hashes.add(hashInBase64());
      }
    }
    return hashes;
  }

  /// The next value, a whole number in `[0, 2^63)`.
  public long number() throws BadAnswerException {
    take(JsonToken.VALUE_NUMBER_INT, "a whole number");
    try {
      long value = parser.getLongValue();
      if (value < 0) {
        throw new BadAnswerException(
            resource, "%d at %s (expected: >= 0)".formatted(value, where()));
      }
      return value;
    } catch (IOException e) {
      throw bad(e);
    }
  }

  /// The next value, a string of 64 lowercase hex digits.
  public Hash hash() throws BadAnswerException {
    String hex = text();
    if (!HASH.matcher(hex).matches()) {
      throw new BadAnswerException(
          resource,
          "%s at %s (expected: 64 lowercase hex digits)"
              .formatted(Sanitizer.clean(hex, 80), where()));
    }
    return Hash.of(HexFormat.of().parseHex(hex), 0);
  }

  /// The next value, an array of such hashes or null, of at most `max`.
  public List<Hash> hashes(int max) throws BadAnswerException {
    List<Hash> hashes = new ArrayList<>();
    if (enterArrayOrNull()) {
      while (nextElement()) {
        if (hashes.size() == max) {
          throw new BadAnswerException(
              resource, "more than %d hashes at %s".formatted(max, where()));
        }
        hashes.add(hash());
      }
    }
    return hashes;
  }

  /// Passes over the next value, whatever it is.
  public void skip() throws BadAnswerException {
    try {
      if (!atValue) {
        parser.nextToken();
      }
      atValue = false;
      parser.skipChildren();
    } catch (IOException e) {
      throw bad(e);
    }
  }

  /// Checks that nothing but white space follows.
  public void end() throws BadAnswerException {
    JsonToken token = next();
    if (token != null) {
      throw unexpected(token, "nothing more");
    }
  }

  private void take(JsonToken expected, String inWords) throws BadAnswerException {
    JsonToken token = atValue ? parser.currentToken() : next();
    atValue = false;
    if (token != expected) {
      throw unexpected(token, inWords);
    }
  }

  private @Nullable JsonToken next() throws BadAnswerException {
    try {
      return parser.nextToken();
    } catch (IOException e) {
      throw bad(e);
    }
  }

  private String where() {
    return Sanitizer.clean(parser.getParsingContext().pathAsPointer().toString(), 120);
  }

  private BadAnswerException unexpected(@Nullable JsonToken found, String expected) {
    return new BadAnswerException(
        resource,
        "at %s: %s (expected: %s)"
            .formatted(where(), found == null ? "the end" : found.toString(), expected));
  }

  private BadAnswerException bad(IOException e) {
    @Nullable String reason =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return new BadAnswerException(
        resource, "not strict JSON: " + Sanitizer.clean(String.valueOf(reason), 200));
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a parser of bytes in memory has nothing to close", e);
    }
  }
}
