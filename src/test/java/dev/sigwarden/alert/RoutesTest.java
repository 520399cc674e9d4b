package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  private static final Set<String> KNOWN = new LinkedHashSet<>(List.of("oncall", "soc", "archive"));

  private static final String TREE =
      """
      route:
        receiver: soc
        group-interval: 10m
        repeat-interval: 4h
        routes:
          - matchers: ['family=~"integrity|identity"']
            receiver: oncall
            routes:
              - {matchers: severity="low", receiver: archive, continue: true}
              - {matchers: [watch="acme-release", kind!="lookalike"], receivers: [oncall, soc], repeat-interval: 1h}
          - {matchers: log=~"rekor-.*", receiver: archive}
      """;

  @TempDir private Path dir;

  private SettingsFile.Loaded<Routes> load(String yaml) throws IOException {
    Path file = dir.resolve("sigwarden.yaml");
    Files.writeString(file, yaml);
    return SettingsFile.load(file, root -> Routes.read(root, KNOWN, "acme"), Map.of());
  }

  private Routes routes(String yaml) throws IOException {
    SettingsFile.Loaded<Routes> loaded = load(yaml);
    assertThat(loaded.problems()).isEmpty();
    return loaded.value().orElseThrow();
  }

  private static Labels labels(String... pairs) {
    Map<Label, String> values = new java.util.EnumMap<>(Label.class);
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      values.put(Label.of(pair.substring(0, equals)).orElseThrow(), pair.substring(equals + 1));
    }
    return new Labels(values);
  }

  @Test
  void tells_everyone_everything_without_routes() throws IOException {
    assertThat(routes("{}\n").plan(TestAlerts.fork()).receivers())
        .containsExactly("oncall", "soc", "archive");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    // Nothing below the root matches: the root.
    "family=operational, soc",
    // A node without a matching child takes it itself.
    "family=identity kind=unexpected-signature severity=high, oncall",
    // The first child that matches, and no sibling.
    "family=identity watch=acme-release kind=unexpected-signature, oncall soc",
    "family=identity watch=acme-release kind=lookalike, oncall",
    // One that continues and then the next; and one that continues and nothing after it matches.
    "family=identity severity=low watch=acme-release, archive oncall soc",
    "family=identity severity=low, archive",
    // Siblings in order, expressions over the whole value.
    "family=operational log=rekor-2025, archive",
    "family=operational log=my-rekor-2025, soc",
  })
  void goes_down_the_tree_as_alertmanager_does(String labels, String receivers) throws IOException {
    assertThat(routes(TREE).plan(labels(labels.split(" "))).receivers())
        .containsExactly(receivers.split(" "));
  }

  @Test
  void a_route_has_what_it_does_not_say_from_the_one_above() throws IOException {
    Plan plan = routes(TREE).plan(labels("family=identity", "watch=acme-release"));
    assertThat(plan.tellings())
        .extracting(Telling::interval, Telling::repeat)
        .containsOnly(
            org.assertj.core.groups.Tuple.tuple(Duration.ofMinutes(10), Duration.ofHours(1)));
  }

  @Test
  void groups_go_by_labels_and_never_mix_families() throws IOException {
    Routes routes = routes("route: {receiver: soc, group-by: [log], group-wait: 1m}\n");
    List<String> groups =
        List.of(
                labels("family=identity", "log=a", "kind=lookalike"),
                labels("family=identity", "log=a", "kind=unexpected-signature"),
                labels("family=identity", "log=b", "kind=lookalike"),
                labels("family=operational", "log=a", "kind=log-backlog"))
            .stream()
            .map(labels -> routes.plan(labels).tellings().getFirst().group())
            .toList();
    assertThat(groups.get(0)).isNotEmpty().isEqualTo(groups.get(1));
    assertThat(new java.util.HashSet<>(groups)).hasSize(3);
  }

  @Test
  void escalations_name_others_and_when() throws IOException {
    Routes routes =
        routes(
            """
            route:
              receiver: soc
              repeat-interval: 2h
              escalate:
                - {after: 30m, receiver: oncall}
                - {after: 2h, receivers: [archive]}
            """);
    assertThat(routes.plan(labels()).escalations())
        .extracting(Plan.Escalation::receiver, Plan.Escalation::after, Plan.Escalation::repeat)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "oncall", Duration.ofMinutes(30), Duration.ofHours(2)),
            org.assertj.core.groups.Tuple.tuple(
                "archive", Duration.ofHours(2), Duration.ofHours(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "route: {receiver: sco} | did you mean \"soc\"?",
        "route: {routes: [{matchers: family=integrity}]} | nothing",
        "route: {receiver: soc, routes: [{matchers: identity=x}]} | matcher: identity=x",
        "route: {receiver: soc, routes: [{matchers: 'log=~\"(\"'}]} | RE2",
        "route: {receiver: soc, routes: [{match: {family: integrity}}]} | match",
        "route: {receiver: soc, group-by: [signer]} | unknown label signer",
        "route: {receiver: soc, mute-time-intervals: [nights]} | unknown time interval nights",
        "route: {receiver: soc, escalate: [{after: 1h}]} | nothing",
        "'inhibit: [{name: a, source: log=a, target: log=b, equal: [who]}]' | unknown label who",
        "'time-intervals: {a: {weekdays: [someday]}}' | someday",
        "'time-intervals: {a: {times: [\"8-18\"]}}' | 8-18",
        "'time-intervals: {a: {zone: Moon/Base}}' | Moon/Base",
      })
  void says_what_is_wrong(String yaml, String found) throws IOException {
    assertThat(load(yaml + "\n").problems())
        .anySatisfy(problem -> assertThat(problem.format()).contains(found));
  }
}
