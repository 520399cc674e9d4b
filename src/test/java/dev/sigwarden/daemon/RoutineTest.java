package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is told by the clock, as configuration says it.
class RoutineTest {
  private static final String GENIE = "01234567-89ab-cdef-0123-456789abcdef";
  private static final String HUB = "github_pat_" + "a".repeat(40);

  @TempDir private Path folder;

  private Loaded<Configuration> load(String more) throws IOException {
    String yaml =
        """
        contact: it@sigwarden.invalid
        watches:
          acme-release: {identities: [{subject: jo@acme.example, issuer: "https://a.example"}]}
        receivers:
          terminal: {channel: console}
          soc: {channel: console}
          pagerduty: {channel: pagerduty, routing-key: "${PAGER}"}
          opsgenie: {channel: opsgenie, api-key: "${GENIE}"}
          github: {channel: github, repository: acme/app, token: "${HUB}"}
          alertmanager: {channel: alertmanager, instances: [{url: "https://am.acme.example"}]}
        %s
        """
            .formatted(more);
    Path file = Files.writeString(folder.resolve("sigwarden.yaml"), yaml);
    return Configuration.load(file, Map.of("PAGER", "a".repeat(32), "GENIE", GENIE, "HUB", HUB));
  }

  private List<String> problems(String more) throws IOException {
    return load(more).problems().stream()
        .map(Problem::format)
        .map(it -> it.substring(it.indexOf(": ") + 2))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pagerduty", "opsgenie", "github", "alertmanager"})
  void refuses_heartbeats_and_reports_where_each_would_open_an_incident_that_nothing_ends(
      String receiver) throws IOException {
    assertThat(problems("heartbeat: {receivers: [terminal, %s]}".formatted(receiver)))
        .containsExactly(
            ("heartbeat.receivers: %s, which would open an incident that nothing ends"
                    + " (expected: a receiver that keeps no incidents; or a ping)")
                .formatted(receiver));
    assertThat(
            problems(
                "reports: {daily: {cron: \"0 0 8 * * ?\", receivers: [%s]}}".formatted(receiver)))
        .singleElement()
        .asString()
        .startsWith("reports.daily.receivers: " + receiver + ", which would open an incident");
    // Drills end: each incident is resolved.
    assertThat(
            problems(
                "drills: {daily: {cron: \"0 0 8 * * ?\", receivers: [%s]}}".formatted(receiver)))
        .isEmpty();
  }

  @Test
  void reads_a_drill_with_its_defaults_and_with_all_it_may_say() throws IOException {
    Routine routine =
        load("""
        drills:
          plain: {cron: "0 0 4 * * ?"}
          full:
            cron: "0 30 4 ? * MON"
            zone: Europe/Zurich
            watches: [acme-release]
            receivers: [terminal]
            within: 20s
            tell: [soc]
        """)
            .value()
            .orElseThrow()
            .routine();
    DrillPlan plain = routine.drills().get("plain");
    assertThat(plain).isNotNull();
    assertThat(plain.within()).isEqualTo(Duration.ofMinutes(1));
    assertThat(plain.drilled()).containsExactly("");
    assertThat(routine.drills().get("full"))
        .isEqualTo(
            new DrillPlan(
                "0 30 4 ? * MON",
                ZoneId.of("Europe/Zurich"),
                List.of("acme-release"),
                List.of("terminal"),
                Duration.ofSeconds(20),
                List.of("soc")));
  }

  @Test
  void names_every_mistake_in_a_drill() throws IOException {
    assertThat(
            problems(
                """
                drills:
                  a: {cron: "every day", watches: [acme-relase], receivers: [sock], tell: [nobody]}
                  b: {cron: "0 0 4 * * ?", within: 1h}
                  c: {cron: "0 0 4 * * ?", receivers: [soc, terminal], tell: [soc]}
                """))
        .anySatisfy(it -> assertThat(it).startsWith("drills.a.cron: every day"))
        .anySatisfy(it ->
            assertThat(it)
                .startsWith("drills.a.watches: unknown watch acme-relase")
                .contains("acme-release"))
        .anySatisfy(it -> assertThat(it).startsWith("drills.a.receivers: unknown receiver sock"))
        .anySatisfy(it -> assertThat(it).startsWith("drills.a.tell: unknown receiver nobody"))
        .anySatisfy(it -> assertThat(it).startsWith("drills.b.within: "))
        .anySatisfy(it ->
            assertThat(it)
                .isEqualTo(
                    "drills.c.tell: soc (expected: a receiver besides those that are drilled)"))
        .hasSize(6);
  }

  private static String report(String cron) {
    return "reports: {daily: {cron: '%s', receivers: [terminal]}}".formatted(cron);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0 8 * * *, is not understood",
    "0 0 8 30 2 ?, never fires",
    "* * * * * ?, fires again after PT1S",
    "* 0 8 ? * MON-FRI, fires again after PT1S",
    "0 0/5 * * * ?, fires again after PT5M",
  })
  void report_at_no_time_or_at_each_second_is_a_problem(String cron, String why)
      throws IOException {
    assertThat(problems(report(cron)))
        .singleElement()
        .asString()
        .startsWith("reports.daily.cron: %s %s (expected: ".formatted(cron, why));
  }

  @ParameterizedTest
  @CsvSource({"0 0 8 ? * MON-FRI", "0 0/10 * * * ?", "0 30 2 L * ?", "0 0 0 29 2 ?"})
  void report_now_and_then_is_none(String cron) throws IOException {
    assertThat(problems(report(cron))).isEmpty();
  }
}
