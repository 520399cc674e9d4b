package dev.sigwarden.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SchemaTest {
  /// Cases of `files.txt` that only the reader can refuse: what JSON Schema cannot say, what the
  /// environment and the disk say, and what is gone once YAML has become JSON.
  private static final Set<String> READER_ONLY =
      Set.of(
          "a duration too short",
          "flags of YAML 1.1",
          "a variable that is empty",
          "a variable that is not set",
          "a secret file that is not there",
          "a file that is a folder",
          "a problem of the reader, deep inside",
          "tags are refused",
          "objects are refused",
          "an alias of nothing",
          "an alias of itself",
          "a key twice",
          "a name twice",
          "a key that is a list",
          "numbers have one form: hexadecimal",
          "numbers have one form: leading zero",
          "numbers have one form: underscore",
          "numbers have one form: fraction",
          "two documents");

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final ObjectNode SAMPLE =
      SettingsFile.schema("Sample settings", SampleSettings::read);

  private static boolean accepts(Schema schema, String yaml) throws IOException {
    return schema.validate(new YAMLMapper().readTree(yaml)).isEmpty();
  }

  @Test
  void is_itself_valid_draft_2020_12() {
    Schema meta =
        SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(meta.validate(SAMPLE)).isEmpty();
  }

  @Test
  void agrees_with_the_reader_on_every_file_of_the_table() throws IOException {
    Schema schema = SCHEMAS.getSchema(SAMPLE);
    Set<String> readerOnly = new TreeSet<>();
    for (var one : SettingsFileTest.cases().toList()) {
      boolean read = SettingsFileTest.load(one.file()).value().isPresent();
      try {
        boolean accepted = accepts(schema, one.file());
        if (accepted && !read) {
          readerOnly.add(one.title());
        } else {
          assertThat(accepted).as(one.title()).isEqualTo(read);
        }
      } catch (JsonProcessingException notYaml) {
        assertThat(read).as(one.title()).isFalse();
      }
    }

    assertThat(READER_ONLY).containsAll(readerOnly);
  }

  @Test
  void refuses_keys_of_another_variant() throws IOException {
    Schema schema = SCHEMAS.getSchema(SAMPLE);
    String tiles = "{contact: a, logs: {x: {protocol: tiles, url: 'https://a', keys: k}}}";

    assertThat(accepts(schema, tiles)).isFalse();
    assertThat(accepts(schema, tiles.replace(", keys: k", ""))).isTrue();
    assertThat(SettingsFileTest.load(tiles).value()).isEmpty();
    assertThat(SettingsFileTest.load(tiles.replace(", keys: k", "")).value()).isPresent();
  }

  @Test
  void describes_the_sample_as_before() throws IOException {
    ObjectMapper json = new ObjectMapper();
    String written = json.writerWithDefaultPrettyPrinter().writeValueAsString(SAMPLE);
    JsonNode golden = json.readTree(SchemaTest.class.getResourceAsStream("sample.schema.json"));

    // Read back, since a node made of a long is not equal to one that was read as an int.
    assertThat(json.readTree(written)).as(written).isEqualTo(golden);
  }

  @Test
  void turns_a_reader_that_calls_itself_into_a_reference() {
    JsonNode route = SAMPLE.at("/properties/route/properties");

    assertThat(route.at("/receiver/$ref").asText()).isEqualTo("#/$defs/text");
    JsonNode below = route.at("/routes/items");
    assertThat(below.at("/properties/routes/items/$ref").asText())
        .isEqualTo("#/properties/route/properties/routes/items");
  }
}
