package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesTest {
  private static final Set<String> KNOWN = new LinkedHashSet<>(List.of("oncall", "soc", "archive"));

  @TempDir private Path dir;

  private SettingsFile.Loaded<Routes> load(String yaml) throws IOException {
    Path file = dir.resolve("sigwarden.yaml");
    Files.writeString(file, yaml);
    return SettingsFile.load(file, root -> Routes.read(root, KNOWN), Map.of());
  }

  private Routes routes(String yaml) throws IOException {
    SettingsFile.Loaded<Routes> loaded = load(yaml);
    assertThat(loaded.problems()).isEmpty();
    return loaded.value().orElseThrow();
  }

  @Test
  void tells_everyone_everything_without_routes() throws IOException {
    assertThat(routes("{}\n").receivers(TestAlerts.fork()))
        .containsExactly("oncall", "soc", "archive");
  }

  @Test
  void takes_the_first_route_that_matches_and_else_the_default() throws IOException {
    Routes routes =
        routes(
            """
            route:
              receiver: soc
              routes:
                - {match: {family: [integrity, identity], severity: [critical, high]}, receivers: [oncall, soc]}
                - {match: {family: integrity}, receiver: archive}
            """);
    assertThat(routes.receivers(TestAlerts.fork())).containsExactly("oncall", "soc");
    assertThat(routes.receivers(TestAlerts.unreachable())).containsExactly("soc");
  }

  @Test
  void goes_on_after_a_route_that_continues_and_ends_at_the_default() throws IOException {
    Routes routes =
        routes(
            """
            route:
              receiver: soc
              routes:
                - {match: {kind: log-fork}, receiver: archive, continue: true}
                - {match: {log: other}, receiver: oncall}
            """);
    assertThat(routes.receivers(TestAlerts.fork())).containsExactly("archive", "soc");
  }

  @Test
  void matches_watch_log_and_kind_exactly() throws IOException {
    Routes routes =
        routes(
            """
            route:
              receiver: soc
              routes:
                - {match: {watch: acme-release, log: rekor-2025, kind: unexpected-signature}, receiver: oncall}
                - {match: {watch: acme}, receiver: archive}
            """);
    assertThat(routes.receivers(TestAlerts.unexpected("x"))).containsExactly("oncall");
    assertThat(routes.receivers(TestAlerts.fork())).containsExactly("soc");
  }

  @Test
  void names_the_nearest_of_an_unknown_receiver_and_misses_none() throws IOException {
    assertThat(load("route: {receiver: sco}\n").problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.found()).contains("did you mean \"soc\"?"));
    assertThat(load("route: {routes: [{match: {family: integrity}}]}\n").problems()).hasSize(2);
  }
}
