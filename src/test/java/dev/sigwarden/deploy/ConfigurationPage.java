package dev.sigwarden.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Set;

/// The reference of the configuration, made of its JSON Schema, which is made of the code that
/// reads it: a table for each section, in the order of the file.
final class ConfigurationPage {
  private final JsonNode root;
  private final StringBuilder page = new StringBuilder();

  private ConfigurationPage(JsonNode root) {
    this.root = root;
  }

  /// The page's text.
  static String of(JsonNode schema) {
    ConfigurationPage page = new ConfigurationPage(schema);
    page.section("", "The file", "", schema);
    return page.page.toString();
  }

  /// A section, its variants, and then the sections below it.
  private void section(String path, String title, String meaning, JsonNode schema) {
    heading(title, meaning);
    List<Runnable> below = new ArrayList<>();
    table(path, schema, Set.of(), below);
    for (JsonNode variant : schema.path("allOf")) {
      if (!variant.has("if")) {
        continue;
      }
      Entry<String, JsonNode> choice = variant.at("/if/properties").properties().iterator().next();
      String value = choice.getValue().path("const").asText();
      JsonNode then = variant.path("then");
      if (!then.path("properties").isEmpty()) {
        heading("%s, `%s: %s`".formatted(title, choice.getKey(), value), "");
        table(path, then, Set.of(), below);
      }
    }
    below.forEach(Runnable::run);
  }

  private void heading(String title, String meaning) {
    page.append("\n## ").append(title).append("\n\n");
    if (!meaning.isEmpty()) {
      page.append(sentence(meaning)).append("\n\n");
    }
  }

  private void table(String path, JsonNode schema, Set<String> hidden, List<Runnable> below) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(key -> required.add(key.asText()));
    StringBuilder rows = new StringBuilder();
    for (Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String key = property.getKey();
      JsonNode value = property.getValue();
      if (hidden.contains(key)) {
        continue;
      }
      rows.append(row(key, value, required.contains(key)));
      below(path.isEmpty() ? key : path + "." + key, value, below);
    }
    if (!rows.isEmpty()) {
      page.append("| key | value | default | meaning |\n| --- | --- | --- | --- |\n").append(rows);
    }
  }

  private void below(String path, JsonNode value, List<Runnable> below) {
    JsonNode named = value.path("additionalProperties");
    JsonNode items = value.path("items");
    String meaning = value.path("description").asText();
    if (value.has("properties")) {
      below.add(() -> section(path, '`' + path + '`', meaning, value));
    } else if (named.has("properties")) {
      below.add(() -> section(path + ".NAME", '`' + path + ".NAME`", meaning, named));
    } else if (items.has("properties")) {
      below.add(() -> section(path + "[]", '`' + path + "[]`", meaning, items));
    }
  }

  private String row(String key, JsonNode value, boolean required) {
    String given =
        value.has("default")
            ? '`' + value.path("default").asText() + '`'
            : required ? "required" : "";
    return "| `%s` | %s | %s | %s |\n"
        .formatted(key, cell(kind(value)), cell(given), cell(value.path("description").asText()));
  }

  private String kind(JsonNode value) {
    if (value.has("enum")) {
      List<String> choices = new ArrayList<>();
      value.path("enum").forEach(choice -> choices.add('`' + choice.asText() + '`'));
      return String.join(", ", choices);
    }
    if (value.has("$ref")) {
      return reference(value.path("$ref").asText());
    }
    if (value.has("anyOf")) {
      return "one or a list of " + kind(value.path("anyOf").get(0));
    }
    return switch (value.path("type").asText()) {
      case "integer" ->
          "%s to %s"
              .formatted(value.path("minimum").asText("any"), value.path("maximum").asText("any"));
      case "boolean" -> "`true`, `false`";
      case "array" ->
          value.at("/items").has("properties")
              ? "list of sections"
              : "list of " + kind(value.path("items"));
      case "object" -> value.has("properties") ? "section" : named(value) + " by name";
      default -> text(value.path("pattern").asText());
    };
  }

  private String named(JsonNode value) {
    JsonNode each = value.path("additionalProperties");
    return each.has("properties") ? "sections" : "texts";
  }

  private static String reference(String to) {
    return switch (to) {
      case "#/$defs/text" -> "text";
      case "#/$defs/texts" -> "text or list of texts";
      default ->
          "as `"
              + to.replaceFirst("^#/properties/", "")
                  .replaceAll("/(properties|items)", "")
                  .replace('/', '.')
              + '`';
    };
  }

  /// What a pattern stands for, by what it lets through.
  private static String text(String pattern) {
    if (pattern.isEmpty()) {
      return "text";
    }
    if ("10s".matches(pattern) && "2h".matches(pattern)) {
      return "duration";
    }
    return "${NAME}".matches(pattern) ? "`${NAME}`" : "text";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + '.';
  }
}
