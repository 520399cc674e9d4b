package dev.sigwarden.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sigwarden.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every sample of a configuration in the README and in `docs/` is one that the program takes, once
/// it stands in a configuration that has the rest.
class DocumentedSamplesTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern SAMPLE =
      Pattern.compile("^```yaml\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  /// What the samples leave out, by what stands there.
  private static final Map<Pattern, String> ABBREVIATED =
      Map.of(
          Pattern.compile(", \\.\\.\\.}"), "}",
          Pattern.compile("sha256:…::eku:1\\.3\\.6\\.1\\.4\\.1\\.…"),
              "sha256:" + "A".repeat(43) + "::eku:1.3.6.1.4.1.311.76",
          Pattern.compile("/0f3c…"), "/0f3c");

  /// Files of the reader's own are not there.
  private static final Pattern MISSING = Pattern.compile("no file /.*|.*: no such file");

  private static final String REST =
      """
      receivers:
        soc: {channel: console}
        feed: {channel: console}
        oncall: {channel: console}
        lead: {channel: console}
        mail: {channel: console}
      allowlists:
        acme-releases: {api: true}
      trust:
        sigstore: {source: public-good}
      """;

  @TempDir private Path folder;

  /// A sample and where it stands.
  private record Sample(String page, String text) {
    @Override
    public String toString() {
      return page + ": " + text.lines().findFirst().orElse("").strip();
    }
  }

  private static List<Sample> samples() throws IOException {
    List<Sample> samples = new ArrayList<>();
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      Stream<Path> pages = docs.filter(it -> it.toString().endsWith(".md")).sorted();
      for (Path page : Stream.concat(Stream.of(Path.of("README.md")), pages).toList()) {
        for (MatchResult found : SAMPLE.matcher(Files.readString(page)).results().toList()) {
          samples.add(new Sample(page.toString(), found.group(1)));
        }
      }
    }
    assertThat(samples).hasSizeGreaterThan(20);
    return samples;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_is_taken_by_the_program(Sample sample) throws IOException {
    ObjectNode whole = (ObjectNode) YAML.readTree(Path.of("config/first.yaml").toFile());
    merge(whole, YAML.readTree(REST));
    JsonNode part = YAML.readTree(complete(sample.text()));
    merge(whole, part.has("channel") ? within("receivers", part) : part);
    if (part.has("overrides")) {
      whole.remove("overrides");
      ObjectNode log = YAML.createObjectNode().put("protocol", "sigstore").put("trust", "sigstore");
      log.setAll((ObjectNode) part);
      merge(whole, within("logs", log));
    }
    Path file = Files.writeString(folder.resolve("sigwarden.yaml"), YAML.writeValueAsString(whole));

    assertThat(Configuration.load(file, environment(sample.text())).problems())
        .filteredOn(problem -> !problem.warning())
        .filteredOn(problem -> !MISSING.matcher(problem.found()).matches())
        .extracting(Problem::toString)
        .isEmpty();
  }

  private static ObjectNode within(String section, JsonNode part) {
    ObjectNode outer = YAML.createObjectNode();
    outer.putObject(section).set("sample", part);
    return outer;
  }

  private static void merge(ObjectNode into, JsonNode from) {
    from.properties()
        .forEach(entry -> {
          JsonNode known = into.get(entry.getKey());
          if (known instanceof ObjectNode map && entry.getValue().isObject()) {
            merge(map, entry.getValue());
          } else {
            into.set(entry.getKey(), entry.getValue());
          }
        });
  }

  /// The text with what it leaves out.
  private static String complete(String text) {
    String whole = text;
    for (Map.Entry<Pattern, String> one : ABBREVIATED.entrySet()) {
      whole = one.getKey().matcher(whole).replaceAll(one.getValue());
    }
    whole = Pattern.compile("MFkwEwYHKoZIzj0C…").matcher(whole).replaceAll(_ -> key("EC", 256));
    return Pattern.compile("MIICIjANBgkqhkiG…").matcher(whole).replaceAll(_ -> key("RSA", 2_048));
  }

  private static String key(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return Matcher.quoteReplacement(
          Base64.getEncoder().encodeToString(generator.generateKeyPair().getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// A value for each variable of the environment that a sample names.
  private static Map<String, String> environment(String text) {
    Map<String, String> environment = new HashMap<>();
    Pattern.compile("\\$\\{([A-Z_]+)}")
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .forEach(name ->
            environment.put(
                name,
                name.endsWith("HOOK_KEY")
                    ? "whsec_" + Base64.getEncoder().encodeToString(name.repeat(4).getBytes(UTF_8))
                    : name.matches(".*(WEBHOOK|WORKFLOW)")
                        ? "https://hooks.acme.example/" + name
                        : "x".repeat(32)));
    return environment;
  }
}
