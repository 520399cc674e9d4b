package dev.sigwarden.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Configuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is written for operators beside the program agrees with it.
class PagesTest {
  private static final Path RUNBOOKS = Path.of("docs/runbooks.md");
  private static final Path RULES = Path.of("helm/rules/sigwarden.rules.yaml");
  private static final Path DASHBOARD = Path.of("helm/dashboards/sigwarden.json");

  /// The shortest runbook that helps anybody, in characters.
  private static final int LEAST = 80;

  private static List<String> runbooks() throws IOException {
    return Pattern.compile("(?m)^## ").splitAsStream(Files.readString(RUNBOOKS)).skip(1).toList();
  }

  /// What the headings of the runbooks are as ends of links.
  private static Set<String> anchors() throws IOException {
    return runbooks().stream()
        .map(it -> it.lines().findFirst().orElseThrow().toLowerCase(Locale.ROOT).replace(' ', '-'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void the_reference_of_the_configuration_is_what_the_code_reads() throws IOException {
    Generated.check(Path.of("docs/configuration.md"), ConfigurationPage.of(Configuration.schema()));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void every_kind_of_alert_has_a_runbook(Kind kind) throws IOException {
    assertThat(runbooks())
        .filteredOn(it -> it.startsWith(kind.label() + "\n"))
        .singleElement()
        .asString()
        .hasSizeGreaterThan(LEAST);
  }

  @Test
  void every_link_to_a_runbook_leads_to_one() throws IOException {
    List<String> links = new ArrayList<>();
    Matcher inside = Pattern.compile("\\(#([^)]+)\\)").matcher(Files.readString(RUNBOOKS));
    Matcher outside =
        Pattern.compile("runbooks\\.md#([a-z-]+)")
            .matcher(Files.readString(RULES) + Files.readString(Path.of("docs/deploying.md")));
    inside.results().forEach(link -> links.add(link.group(1)));
    outside.results().forEach(link -> links.add(link.group(1)));

    assertThat(links).isNotEmpty();
    assertThat(anchors()).containsAll(links);
  }

  @Test
  void every_rule_says_how_grave_it_is_and_what_to_do() throws IOException {
    List<JsonNode> rules = rules();

    assertThat(rules).hasSizeGreaterThan(10);
    assertThat(rules)
        .allSatisfy(rule -> {
          assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
          assertThat(rule.at("/annotations/runbook_url").asText()).startsWith("docs/runbooks.md#");
          assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
        });
    assertThat(rules).extracting(rule -> rule.path("alert").asText()).doesNotHaveDuplicates();
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : Chart.YAML.readTree(RULES.toFile()).path("groups")) {
      group.path("rules").forEach(rules::add);
    }
    return rules;
  }

  @Test
  void rules_and_dashboard_name_kinds_that_exist() throws IOException {
    Set<String> kinds =
        Arrays.stream(Kind.values())
            .map(Kind::label)
            .collect(Collectors.toCollection(TreeSet::new));
    Matcher named =
        Pattern.compile("kind=~?\\\\?\"([a-z|-]+)\\\\?\"")
            .matcher(Files.readString(RULES) + Files.readString(DASHBOARD));
    List<String> found =
        named.results().flatMap(it -> Arrays.stream(it.group(1).split("\\|"))).toList();

    assertThat(found).isNotEmpty();
    assertThat(kinds).containsAll(found);
  }

  @Test
  void image_and_chart_start_the_program_with_the_options_of_the_launcher() throws IOException {
    String launcher = Files.readString(Path.of("sigwarden"));
    String pom = Files.readString(Path.of("pom.xml"));
    JsonNode values = Chart.YAML.readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    String compiler = between(launcher, "compiler='", "'");
    String heap = between(launcher, "heap='", "'");
    String chosen = between(pom, "<JDK_JAVA_OPTIONS>", "</JDK_JAVA_OPTIONS>");

    assertThat(compiler.split(" "))
        .isNotEmpty()
        .allSatisfy(option -> assertThat(pom).contains("<part>" + option + "</part>"));
    assertThat(chosen).isEqualTo("-XX:+UseSerialGC " + heap);
    assertThat(values.at("/jvm/options").asText()).isEqualTo(chosen);
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }

  /// Wants Prometheus's own tool on the path.
  @Test
  void rules_fire_when_they_should() throws Exception {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
    assumeTrue(there, "no promtool on the path");

    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", "sigwarden.rules.test.yaml")
            .directory(RULES.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(promtool.waitFor()).as(said).isZero();
  }
}
