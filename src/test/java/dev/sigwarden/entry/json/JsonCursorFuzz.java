package dev.sigwarden.entry.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Any bytes are an object of which the cursor says what Jackson's tree says, or malformed.
class JsonCursorFuzz {
  private static final JsonMapper TREE =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(JsonCursor.MAX_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @FuzzTest
  void walk(byte[] bytes) {
    JsonNode tree = tree(bytes);
    // Between other bytes: the cursor must keep to its range.
    byte[] buffer = ("[" + "x".repeat(bytes.length) + "\"}").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, buffer, 1, bytes.length);
    try (JsonCursor cursor = JsonCursor.open(buffer, 1, bytes.length)) {
      object(cursor, tree);
      cursor.end();
      assertThat(tree.isObject()).as("read what Jackson refuses").isTrue();
    } catch (MalformedJsonException _) {
      boolean utf8 = bytes.length < 2 || bytes[0] != '{' || bytes[1] == 0;
      assertThat(tree.isObject() && !utf8).as("refused what Jackson reads").isFalse();
    }
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      JsonNode tree = TREE.readTree(bytes);
      return tree == null ? TREE.missingNode() : tree;
    } catch (IOException _) {
      return TREE.missingNode();
    }
  }

  private static void object(JsonCursor cursor, JsonNode same) throws MalformedJsonException {
    int members = 0;
    for (String name = cursor.nextName(); name != null; name = cursor.nextName()) {
      members++;
      value(cursor, same.path(name));
    }
    if (same instanceof ObjectNode) {
      assertThat(members).isEqualTo(same.size());
    }
  }

  private static void value(JsonCursor cursor, JsonNode same) throws MalformedJsonException {
    switch (same.getNodeType()) {
      case OBJECT -> {
        cursor.enterObject();
        object(cursor, same);
      }
      case ARRAY -> {
        cursor.enterArray();
        int elements = 0;
        while (cursor.nextElement()) {
          value(cursor, same.path(elements++));
        }
        assertThat(elements).isEqualTo(same.size());
      }
      case STRING -> text(cursor, same.textValue());
      default -> cursor.skip();
    }
  }

  private static void text(JsonCursor cursor, String same) throws MalformedJsonException {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(same);
    } catch (IllegalArgumentException _) {
      assertThat(cursor.text()).isEqualTo(same);
      return;
    }
    assertThat(cursor.base64()).isEqualTo(decoded);
  }
}
