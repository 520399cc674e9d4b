package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.watch.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples in `config/`, by the program's own reader and by its schema.
class ConfigurationExamplesTest {
  private static final Path FIRST = Path.of("config/first.yaml");
  private static final Path TEAM = Path.of("config/sigwarden.yaml");
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "SMTP_PASSWORD",
          "secret",
          "WEBHOOK_SECRET",
          "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Test
  void the_published_schema_is_the_program_s() throws IOException {
    assertThat(Files.readString(Path.of("config/sigwarden.schema.json")).strip())
        .as("run ./sigwarden check --schema > config/sigwarden.schema.json")
        .isEqualTo(Configuration.schema().toPrettyString());
  }

  @Test
  void the_first_configuration_needs_nothing_but_itself() {
    Loaded<Configuration> loaded = Configuration.load(FIRST, Map.of());

    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.value().orElseThrow().logs()).containsOnlyKeys("rekor-2025");
  }

  @Test
  void the_team_s_configuration_loads_with_its_secrets() {
    Loaded<Configuration> loaded = Configuration.load(TEAM, ENVIRONMENT);

    assertThat(loaded.problems()).isEmpty();
    Configuration configuration = loaded.value().orElseThrow();
    assertThat(configuration.receivers()).containsOnlyKeys("oncall", "soc", "feed", "terminal");
    assertThat(configuration.watches().all()).flatMap(Watch::warnings).isEmpty();
  }

  @Test
  void the_team_s_configuration_names_the_secrets_that_are_missing() {
    assertThat(Configuration.load(TEAM, Map.of()).problems())
        .extracting(Problem::path, Problem::found)
        .containsExactly(
            tuple(
                "receivers.oncall.smtp.password",
                "the environment variable SMTP_PASSWORD is not set"),
            tuple("receivers.soc.secret", "the environment variable WEBHOOK_SECRET is not set"));
  }

  @Test
  void the_schema_is_valid_draft_2020_12() {
    Schema meta =
        SCHEMAS.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(meta.validate(Configuration.schema())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"config/first.yaml", "config/sigwarden.yaml"})
  void the_schema_accepts_the_examples(String file) throws IOException {
    Schema schema = SCHEMAS.getSchema(Configuration.schema());

    assertThat(schema.validate(new YAMLMapper().readTree(Path.of(file).toFile()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "contact, contcat",
    "watches, watchs",
    "poll, pol",
    "stale-after, stale_after",
    "identities, identites",
    "issuer, isuer",
    "grace, grave",
    "bootstrap, bootstarp",
    "smtp, smpt",
    "routes, router",
  })
  void reader_and_schema_notice_a_slip_of_the_hand(String key, String slip, @TempDir Path folder)
      throws IOException {
    String text = Files.readString(TEAM).replaceFirst("(?<![#\\w-])" + key + ":", slip + ":");
    Path file = folder.resolve("sigwarden.yaml");
    Files.writeString(file, text);
    Files.createDirectory(folder.resolve("allow"));
    Files.copy(
        Path.of("config/allow/acme-releases.txt"), folder.resolve("allow/acme-releases.txt"));

    assertThat(Configuration.load(file, ENVIRONMENT).problems())
        .extracting(Problem::found)
        .contains("unknown key, did you mean \"" + key + "\"?");
    Schema schema = SCHEMAS.getSchema(Configuration.schema());
    assertThat(schema.validate(new YAMLMapper().readTree(text))).isNotEmpty();
  }
}
