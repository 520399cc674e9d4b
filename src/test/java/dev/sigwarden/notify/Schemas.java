package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sigwarden.Vectors;
import java.io.IOException;
import java.nio.file.Files;

/// The JSON Schemas that services publish for what they take.
public final class Schemas {
  private Schemas() {}

  /// Asserts that the JSON is what the schema in the file asks; skips the test where it is absent.
  public static void check(String file, JsonNode json) throws IOException {
    assertThat(schema(file).validate(json.toString(), InputFormat.JSON))
        .as(json.toString())
        .isEmpty();
  }

  private static Schema schema(String file) throws IOException {
    String text =
        // Written as in draft 4, and of no use here.
        Files.readString(Vectors.dir("alert-schemas").resolve(file))
            .replaceFirst("\"id\": \"[^\"]*\",", "");
    SpecificationVersion version =
        text.contains("draft-06") ? SpecificationVersion.DRAFT_6 : SpecificationVersion.DRAFT_7;
    return SchemaRegistry.withDefaultDialect(version).getSchema(text, InputFormat.JSON);
  }
}
