package dev.sigwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.alert.Routes;
import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteAnswerTest {
  @TempDir private Path folder;

  private List<String> lines(String... pairs) throws IOException, CommandFailure {
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            """
            time-intervals: {office: {times: "08:00-18:00"}}
            route:
              receiver: soc
              group-by: [log]
              active-time-intervals: [office]
              routes:
                - matchers: ['family=~"integrity|identity"', 'severity=~"critical|high"']
                  receivers: [oncall, soc]
                  repeat-interval: 4h
                  escalate: [{after: 30m, receiver: lead}]
            """);
    Routes routes =
        SettingsFile.load(
                file, root -> Routes.read(root, Set.of("oncall", "soc", "lead"), "acme"), Map.of())
            .value()
            .orElseThrow();
    return RouteAnswer.lines(routes, RouteAnswer.labels(List.of(pairs), "acme"));
  }

  @Test
  void says_who_is_told_and_how() throws Exception {
    assertThat(lines("kind=log-backlog"))
        .containsExactly("soc: with its group after PT30S, then every PT5M, in office");
    // A kind brings its family and severity; a lying log minds no hours and no group.
    assertThat(lines("kind=log-fork"))
        .containsExactly(
            "oncall: at once, again every PT4H until acknowledged",
            "soc: at once, again every PT4H until acknowledged",
            "lead: after PT30M unless acknowledged");
    assertThat(lines("kind=unexpected-signature", "severity=low")).hasSize(1);
  }

  @Test
  void refuses_other_labels_and_kinds() {
    assertThatThrownBy(() -> lines("signer=x"))
        .hasMessageContaining("label: signer=x (expected: LABEL=VALUE");
    assertThatThrownBy(() -> lines("kind=log-frok"))
        .hasMessageContaining("kind: log-frok (expected: one of ");
  }
}
