package dev.sigwarden.tuf;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One object of a strict JSON document: UTF-8, no repeated name, bounded depth and length, nothing
/// after it. Members that nobody asks for are allowed and count in `canonical`. Every read throws
/// `RefusedException` with the member's path if it is not what is asked for.
public final class JsonObject {
  /// Levels of nesting: TUF metadata and trusted roots have at most 8.
  private static final int MAX_DEPTH = 32;

  /// Digits of a number: a 63-bit integer has 19.
  private static final int MAX_DIGITS = 20;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_DIGITS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String path;
  private final JsonNode node;

  private JsonObject(String path, JsonNode node) {
    this.path = path;
    this.node = node;
  }

  /// The object that `bytes` are.
  ///
  /// @param name what to call the document in messages
  /// @param maxBytes the longest document that is read
  public static JsonObject parse(String name, byte[] bytes, int maxBytes) throws RefusedException {
    if (bytes.length > maxBytes) {
      throw new RefusedException(
          "%s: %d bytes (expected: <= %d)".formatted(name, bytes.length, maxBytes));
    }
    // A first byte { and a second one that is not 0 also rule out UTF-16 and UTF-32.
    if (bytes.length < 2 || bytes[0] != '{' || bytes[1] == 0) {
      throw new RefusedException(
          "%s: %d bytes that do not start with { in UTF-8 (expected: a JSON object)"
              .formatted(name, bytes.length));
    }
    try {
      return new JsonObject(name, JSON.readTree(bytes));
    } catch (JacksonException e) {
      throw new RefusedException(
          "%s: not strict JSON: %s".formatted(name, Sanitizer.clean(e.getOriginalMessage())));
    } catch (IOException e) {
      throw new RefusedException("%s: not UTF-8: %s".formatted(name, e.getMessage()));
    }
  }

  /// The document's name and the member's path in it.
  public String path() {
    return path;
  }

  /// Whether there is such a member, and it is not null.
  public boolean has(String key) {
    return node.hasNonNull(key);
  }

  /// A text.
  public String text(String key) throws RefusedException {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw wrong(key, value, "a text");
    }
    return value.textValue();
  }

  /// A text, or `otherwise` if there is none.
  public String text(String key, String otherwise) throws RefusedException {
    return has(key) ? text(key) : otherwise;
  }

  /// An integer in `[min, max]`.
  public long number(String key, long min, long max) throws RefusedException {
    JsonNode value = node.path(key);
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      throw wrong(key, value, "an integer in [%d, %d]".formatted(min, max));
    }
    return value.longValue();
  }

  /// Yes or no; no if there is none.
  public boolean flag(String key) throws RefusedException {
    JsonNode value = node.path(key);
    if (has(key) && !value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.booleanValue();
  }

  /// A time with its offset from UTC. RFC 3339.
  public Instant time(String key) throws RefusedException {
    String text = text(key);
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw wrong(key, node.path(key), "a time, 2026-01-02T03:04:05Z");
    }
  }

  /// An integer in `[min, max]`, written as a text of digits: what JSON of protocol buffers writes
  /// for 64 bits.
  public long decimal(String key, long min, long max) throws RefusedException {
    String text = text(key);
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max && Long.toString(value).equals(text)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // No number, or none of 64 bits.
    }
    throw wrong(key, node.path(key), "a text of an integer in [%d, %d]".formatted(min, max));
  }

  /// Bytes in standard base64 with padding, in the one form that they have. RFC 4648 section 4.
  public byte[] base64(String key) throws RefusedException {
    String text = text(key);
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // Said below, as of what another form stands for.
    }
    throw wrong(key, node.path(key), "standard base64 with padding");
  }

  /// Bytes in hex.
  public byte[] hex(String key) throws RefusedException {
    try {
      return HexFormat.of().parseHex(text(key));
    } catch (IllegalArgumentException _) {
      throw wrong(key, node.path(key), "hex");
    }
  }

  /// An object.
  public JsonObject object(String key) throws RefusedException {
    JsonNode value = node.path(key);
    if (!value.isObject()) {
      throw wrong(key, value, "an object");
    }
    return new JsonObject(path + "." + key, value);
  }

  /// An object, empty if there is none.
  public Optional<JsonObject> optionalObject(String key) throws RefusedException {
    return has(key) ? Optional.of(object(key)) : Optional.empty();
  }

  /// A list of objects, at most `max`; none if there is no list.
  public List<JsonObject> objects(String key, int max) throws RefusedException {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode element : elements(key, max)) {
      if (!element.isObject()) {
        throw wrong(key, element, "a list of objects");
      }
      objects.add(new JsonObject("%s.%s[%d]".formatted(path, key, objects.size()), element));
    }
    return objects;
  }

  /// A list of texts, at most `max`; none if there is no list.
  public List<String> texts(String key, int max) throws RefusedException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(key, max)) {
      if (!element.isTextual()) {
        throw wrong(key, element, "a list of texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  private Iterable<JsonNode> elements(String key, int max) throws RefusedException {
    JsonNode value = node.path(key);
    if (!has(key)) {
      return List.of();
    }
    if (!value.isArray() || value.size() > max) {
      throw wrong(key, value, "a list of at most %d".formatted(max));
    }
    return value;
  }

  /// An object whose members are objects, at most `max`, in their order; none if there is none.
  public Map<String, JsonObject> members(String key, int max) throws RefusedException {
    Map<String, JsonObject> members = new LinkedHashMap<>();
    Optional<JsonObject> object = optionalObject(key);
    if (object.isEmpty()) {
      return members;
    }
    if (object.get().node.size() > max) {
      throw wrong(key, node.path(key), "at most %d members".formatted(max));
    }
    for (String name : object.get().names()) {
      members.put(name, object.get().object(name));
    }
    return members;
  }

  /// The members' names, in their order.
  public List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /// This object in OLPC canonical JSON: what TUF signatures cover.
  public byte[] canonical() throws RefusedException {
    return CanonicalJson.write(path, node);
  }

  /// What is wrong with a member, in one sentence.
  public RefusedException wrong(String key, String found, String expected) {
    return new RefusedException(
        "%s.%s: %s (expected: %s)"
            .formatted(path, Sanitizer.clean(key), Sanitizer.clean(found), expected));
  }

  private RefusedException wrong(String key, JsonNode found, String expected) {
    String shown =
        switch (found.getNodeType()) {
          case MISSING, NULL -> "missing";
          case STRING -> '"' + found.textValue() + '"';
          case NUMBER, BOOLEAN -> found.asText();
          case OBJECT -> "an object";
          case ARRAY -> "a list of " + found.size();
          case BINARY, POJO -> found.getNodeType().toString();
        };
    return wrong(key, shown, expected);
  }
}
