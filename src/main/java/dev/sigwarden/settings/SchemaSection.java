package dev.sigwarden.settings;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A section of no file: each read adds to a JSON Schema and answers as if the key were absent.
/// Readers of nested sections are run once, so that their keys are described too; a reader that
/// calls itself becomes a reference.
final class SchemaSection implements Section {
  /// Levels of nested readers; more is a reader that never ends.
  private static final int MAX_DEPTH = 30;

  /// What follows the scheme of a URL with a host and without user info and fragment.
  private static final String HOST = "://[^/?#@]+(?:[/?][^#]*)?";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// A reader being described, with the place of its schema.
  private record Frame(Class<?> reader, String pointer) {}

  private final Deque<Frame> above;
  private final ObjectNode schema;
  private final ObjectNode properties = JSON.objectNode();
  private final ArrayNode required = JSON.arrayNode();
  private final ArrayNode allOf = JSON.arrayNode();
  private final String path;
  private final String pointer;
  private boolean open;

  private SchemaSection(Deque<Frame> above, ObjectNode schema, String path, String pointer) {
    this.above = above;
    this.schema = schema;
    this.path = path;
    this.pointer = pointer;
  }

  static ObjectNode describe(String title, Function<Section, ?> root) {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", title);
    SchemaSection section = new SchemaSection(new ArrayDeque<>(), schema, "", "#");
    section.above.push(new Frame(root.getClass(), "#"));
    var _ = root.apply(section);
    section.close(true);
    ObjectNode defs = schema.putObject("$defs");
    ObjectNode text = defs.putObject("text");
    text.put("description", "A text. Quotes may be left out, so that it may look like a number.");
    text.putArray("type").add("string").add("number").add("boolean");
    text.put("pattern", "\\S");
    text.put("maxLength", Scalars.MAX_TEXT);
    text.putObject("not").put("pattern", whole(Scalars.ENVIRONMENT)).put("type", "string");
    ObjectNode texts = defs.putObject("texts");
    texts.put("description", "A text or a list of texts.");
    ArrayNode forms = texts.putArray("anyOf");
    forms.addObject().put("$ref", "#/$defs/text");
    forms.addObject().put("type", "array").putObject("items").put("$ref", "#/$defs/text");
    return schema;
  }

  private void close(boolean whole) {
    schema.put("type", "object");
    schema.set("properties", properties);
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    if (!allOf.isEmpty()) {
      schema.set("allOf", allOf);
    }
    if (whole) {
      // Keys of a variant stand in a subschema, which additionalProperties does not see.
      schema.put(open ? "unevaluatedProperties" : "additionalProperties", false);
    }
  }

  private static String whole(Pattern pattern) {
    return "^(?:" + pattern.pattern() + ")$";
  }

  private ObjectNode property(String key, String meaning) {
    return properties.putObject(key).put("description", meaning);
  }

  private ObjectNode textProperty(String key, String meaning) {
    return property(key, meaning).put("$ref", "#/$defs/text");
  }

  private String child(String... steps) {
    StringBuilder at = new StringBuilder(pointer);
    for (String step : steps) {
      at.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    return at.toString();
  }

  /// Describes the mapping that `reader` reads in `target`, which stands at `at`.
  private void nested(ObjectNode target, String path, String at, Function<Section, ?> reader) {
    for (Frame frame : above) {
      if (frame.reader() == reader.getClass()) {
        target.put("$ref", frame.pointer());
        return;
      }
    }
    if (above.size() >= MAX_DEPTH) {
      throw new IllegalStateException("readers nested: " + path + " (expected: an end)");
    }
    SchemaSection section = new SchemaSection(above, target, path, at);
    above.push(new Frame(reader.getClass(), at));
    var _ = reader.apply(section);
    above.pop();
    section.close(true);
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + '.' + key;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  @Override
  public String text(String key, String meaning) {
    textProperty(key, meaning);
    required.add(key);
    return YamlSection.SAMPLE_TEXT;
  }

  @Override
  public String text(String key, String defaultValue, String meaning) {
    textProperty(key, meaning).put("default", defaultValue);
    return defaultValue;
  }

  @Override
  public Optional<String> optionalText(String key, String meaning) {
    textProperty(key, meaning);
    return Optional.empty();
  }

  @Override
  public List<String> texts(String key, String meaning) {
    property(key, meaning).put("$ref", "#/$defs/texts").put("minItems", 1);
    required.add(key);
    return List.of(YamlSection.SAMPLE_TEXT);
  }

  @Override
  public List<String> optionalTexts(String key, String meaning) {
    property(key, meaning).put("$ref", "#/$defs/texts");
    return List.of();
  }

  @Override
  public Map<String, String> textMap(String key, String meaning) {
    ObjectNode map = property(key, meaning).put("type", "object");
    map.putObject("additionalProperties").put("$ref", "#/$defs/text");
    return Map.of();
  }

  @Override
  public long number(String key, long defaultValue, long min, long max, String meaning) {
    property(key, meaning)
        .put("type", "integer")
        .put("minimum", min)
        .put("maximum", max)
        .put("default", defaultValue);
    return defaultValue;
  }

  @Override
  public boolean flag(String key, boolean defaultValue, String meaning) {
    property(key, meaning).put("type", "boolean").put("default", defaultValue);
    return defaultValue;
  }

  @Override
  public Duration duration(
      String key, Duration defaultValue, Duration min, Duration max, String meaning) {
    String bounds = " (from " + Scalars.write(min) + " to " + Scalars.write(max) + ')';
    property(key, meaning + bounds)
        .put("type", "string")
        .put("pattern", whole(Scalars.DURATION))
        .put("default", Scalars.write(defaultValue));
    return defaultValue;
  }

  @Override
  public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue, String meaning) {
    ObjectNode property = property(key, meaning).put("default", Scalars.write(defaultValue));
    Scalars.names(type).forEach(property.putArray("enum")::add);
    return defaultValue;
  }

  @Override
  public <E extends Enum<E>> List<E> choices(String key, Class<E> type, String meaning) {
    ArrayNode forms = property(key, meaning).putArray("anyOf");
    Scalars.names(type).forEach(forms.addObject().putArray("enum")::add);
    ObjectNode list = forms.addObject().put("type", "array");
    Scalars.names(type).forEach(list.putObject("items").putArray("enum")::add);
    return List.of();
  }

  @Override
  public URI url(String key, List<String> schemes, String meaning) {
    optionalUrl(key, schemes, meaning);
    required.add(key);
    return YamlSection.SAMPLE_URL;
  }

  @Override
  public Optional<URI> optionalUrl(String key, List<String> schemes, String meaning) {
    List<String> starts =
        schemes.stream().map(s -> s.equals("file") ? "file:/[^#]*" : s + HOST).toList();
    property(key, meaning)
        .put("type", "string")
        .put("format", "uri")
        .put("maxLength", Scalars.MAX_URL)
        .put("pattern", "^(?:" + String.join("|", starts) + ")$");
    return Optional.empty();
  }

  @Override
  public Optional<Path> optionalPath(String key, String meaning) {
    textProperty(key, meaning);
    return Optional.empty();
  }

  @Override
  public Predicate<Path> reach() {
    return _ -> true;
  }

  @Override
  public Optional<String> optionalFile(String key, String meaning) {
    textProperty(key, meaning);
    return Optional.empty();
  }

  @Override
  public Optional<Secret> secret(String key, String meaning) {
    String fileKey = key + "-file";
    property(key, meaning + ", from the environment: ${NAME}")
        .put("type", "string")
        .put("pattern", whole(Scalars.ENVIRONMENT));
    textProperty(fileKey, meaning + ", in a file that is read at each use");
    allOf.addObject().putObject("not").putArray("required").add(key).add(fileKey);
    return Optional.empty();
  }

  @Override
  public <T> Optional<T> section(String key, String meaning, Function<Section, T> reader) {
    nested(property(key, meaning), path(key), child("properties", key), reader);
    return Optional.empty();
  }

  @Override
  public <T> Map<String, T> sections(String key, String meaning, Function<Section, T> reader) {
    ObjectNode map = property(key, meaning).put("type", "object");
    map.putObject("propertyNames").put("pattern", whole(Scalars.NAME));
    ObjectNode values = map.putObject("additionalProperties");
    nested(values, path(key) + ".NAME", child("properties", key, "additionalProperties"), reader);
    return Map.of();
  }

  @Override
  public <T> List<T> list(String key, String meaning, Function<Section, T> reader) {
    ObjectNode items = property(key, meaning).put("type", "array").putObject("items");
    nested(items, path(key) + "[0]", child("properties", key, "items"), reader);
    return List.of();
  }

  @Override
  public <T> Optional<T> variant(
      String key, String meaning, Map<String, Function<Section, T>> readers) {
    open = true;
    required.add(key);
    ArrayNode names = property(key, meaning).putArray("enum");
    new TreeMap<>(readers)
        .forEach((name, reader) -> {
          names.add(name);
          ObjectNode branch = allOf.addObject();
          String at = child("allOf", Integer.toString(allOf.size() - 1), "then");
          ObjectNode when = branch.putObject("if");
          when.putObject("properties").putObject(key).put("const", name);
          when.putArray("required").add(key);
          SchemaSection then = new SchemaSection(above, branch.putObject("then"), path, at);
          var _ = reader.apply(then);
          then.close(false);
        });
    return Optional.empty();
  }

  /// Nothing: further files have a schema of their own.
  @Override
  public <T> Map<String, T> files(
      String key, String folder, Map<String, Function<Section, T>> readers) {
    return Map.of();
  }

  @Override
  public String revision(String... without) {
    return "";
  }

  /// Does nothing: what is described is no file.
  @Override
  public void skip(String... keys) {
    // What is not read is described by the reader that reads it.
  }

  @Override
  public void skipOthers() {
    // As above.
  }

  @Override
  public void problem(String key, String found, String expected) {}
}
