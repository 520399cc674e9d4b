package dev.sigwarden.entry.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// Jackson's opinion of the same bytes: whether they are one strict JSON object, and what it holds.
final class JsonOracle {
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonCursor.MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonOracle() {}

  /// Asserts that the cursor takes what Jackson takes, refuses what it refuses, and reads the same.
  static void agrees(byte[] json) throws IOException {
    boolean good = isObject(json);
    assertThat(skips(json)).as(new String(json, StandardCharsets.ISO_8859_1)).isEqualTo(good);
    if (good) {
      try {
        assertReadsTheSame(json);
      } catch (MalformedJsonException e) {
        throw new AssertionError("refused when read: " + e.getMessage(), e);
      }
    }
  }

  private static boolean skips(byte[] json) {
    try (JsonCursor cursor = JsonCursor.open(json, 0, json.length)) {
      while (cursor.nextName() != null) {
        cursor.skip();
      }
      cursor.end();
      return true;
    } catch (MalformedJsonException _) {
      return false;
    }
  }

  private static boolean isObject(byte[] json) {
    // Jackson guesses UTF-16 and UTF-32, and lets pass some bytes that are not UTF-8.
    if (json.length < 2 || json[0] != '{' || json[1] == 0 || !isUtf8(json)) {
      return false;
    }
    try (JsonParser parser = JACKSON.createParser(json)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private static void assertReadsTheSame(byte[] json) throws IOException, MalformedJsonException {
    try (JsonParser parser = JACKSON.createParser(json);
        JsonCursor cursor = JsonCursor.open(json, 0, json.length)) {
      parser.nextToken();
      Deque<Boolean> inArray = new ArrayDeque<>();
      inArray.push(false);
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (inArray.peek() && token != JsonToken.END_ARRAY) {
          assertThat(cursor.nextElement()).isTrue();
        }
        switch (token) {
          case FIELD_NAME -> assertThat(cursor.nextName()).isEqualTo(parser.currentName());
          case VALUE_STRING -> assertThat(cursor.text()).isEqualTo(parser.getText());
          case START_OBJECT -> {
            cursor.enterObject();
            inArray.push(false);
          }
          case START_ARRAY -> {
            cursor.enterArray();
            inArray.push(true);
          }
          case END_OBJECT -> {
            assertThat(cursor.nextName()).isNull();
            inArray.pop();
          }
          case END_ARRAY -> {
            assertThat(cursor.nextElement()).isFalse();
            inArray.pop();
          }
          default -> cursor.skip();
        }
      }
      cursor.end();
    }
  }
}
