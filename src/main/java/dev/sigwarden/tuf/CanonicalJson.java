package dev.sigwarden.tuf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeMap;

/// Writes OLPC canonical JSON (TUF specification section 4.2.2): members sorted by their names'
/// code points, no white space, integers only, and in texts only `"` and `\` escaped, so that a
/// line feed stands as it is. RFC 8785 escapes it, and no signature over a PEM key would hold.
final class CanonicalJson {
  private final String name;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CanonicalJson(String name) {
    this.name = name;
  }

  /// The value in canonical form. Its depth was bounded when it was read.
  static byte[] write(String name, JsonNode value) throws RefusedException {
    CanonicalJson writer = new CanonicalJson(name);
    writer.value(value);
    return writer.out.toByteArray();
  }

  private void value(JsonNode value) throws RefusedException {
    switch (value.getNodeType()) {
      case OBJECT -> object(value);
      case ARRAY -> array(value);
      case STRING -> out.writeBytes(quoted(value.textValue()));
      case BOOLEAN, NULL -> ascii(value.asText());
      case NUMBER -> {
        if (!value.isIntegralNumber()) {
          throw new RefusedException(
              "%s: number %s (expected: integers only)".formatted(name, value.asText()));
        }
        ascii(value.asText());
      }
      case BINARY, MISSING, POJO ->
          throw new IllegalStateException(value.getNodeType() + " in parsed JSON");
    }
  }

  private void object(JsonNode object) throws RefusedException {
    TreeMap<String, JsonNode> members =
        new TreeMap<>(
            Comparator.comparing((String key) -> key.codePoints().toArray(), Arrays::compare));
    object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    out.write('{');
    String comma = "";
    for (var member : members.entrySet()) {
      ascii(comma);
      out.writeBytes(quoted(member.getKey()));
      out.write(':');
      value(member.getValue());
      comma = ",";
    }
    out.write('}');
  }

  private void array(JsonNode array) throws RefusedException {
    out.write('[');
    String comma = "";
    for (JsonNode element : array) {
      ascii(comma);
      value(element);
      comma = ",";
    }
    out.write(']');
  }

  private byte[] quoted(String text) throws RefusedException {
    try {
      var utf8 =
          StandardCharsets.UTF_8
              .newEncoder()
              .encode(
                  CharBuffer.wrap('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'));
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return bytes;
    } catch (CharacterCodingException _) {
      throw new RefusedException(name + ": half a surrogate pair (expected: Unicode text)");
    }
  }

  private void ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
