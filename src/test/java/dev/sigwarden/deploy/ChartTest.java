package dev.sigwarden.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import dev.sigwarden.access.Role;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.HttpSettings;
import dev.sigwarden.daemon.Probes;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the chart makes of values, and what it refuses.
class ChartTest {
  private static final String SINGLE = "single.yaml";
  private static final String REPLICAS = "replicas.yaml";
  private static final String TEAMS = "teams.yaml";

  private static final String[] EVERYTHING = {
    "api.enabled=true",
    "api.tlsSecret=console",
    "api.from[0].podSelector.matchLabels.app=console",
    "dashboard.enabled=true",
    "prometheusRule.enabled=true",
    "serviceMonitor.enabled=true",
    "networkPolicy.metricsFrom[0].podSelector.matchLabels.app=prometheus",
    "imagePullSecrets[0].name=registry",
    "priorityClassName=high",
    "nodeSelector.disk=ssd",
    "tolerations[0].operator=Exists",
    "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=1",
    "podAnnotations.team=security",
    "podLabels.team=security",
    "serviceAccount.annotations.team=security",
    "storage.sqlite.storageClass=fast",
  };

  @Test
  void lint_finds_nothing_though_it_is_strict() {
    LintResult lint = Chart.helm().lint().strict().quiet().call();

    assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
    assertThat(lint.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "single.yaml   |",
        "single.yaml   | storage.sqlite.existingClaim=state",
        "single.yaml   | networkPolicy.enabled=false",
        "single.yaml   | serviceAccount.create=false",
        "single.yaml   | dashboard.enabled=true",
        "single.yaml   | prometheusRule.enabled=true",
        "single.yaml   | networkPolicy.enabled=false serviceMonitor.enabled=true",
        "single.yaml   | storage.sqlite.accessMode=ReadWriteOncePod",
        "single.yaml   | api.enabled=true api.behindProxy=true",
        "single.yaml   | api.enabled=true api.tlsSecret=console",
        "single.yaml   | everything",
        "replicas.yaml |",
        "replicas.yaml | replicas=1",
        "replicas.yaml | podDisruptionBudget.enabled=false",
        "replicas.yaml | everything",
        "teams.yaml    |",
        "teams.yaml    | everything",
      })
  void every_documented_combination_makes_objects_that_the_cluster_knows(
      String values, String settings) throws IOException {
    String[] set =
        settings == null
            ? new String[0]
            : settings.equals("everything") ? EVERYTHING : settings.split(" ");

    List<JsonNode> objects = Chart.rendered(values, set);

    assertThat(objects).hasSizeGreaterThanOrEqualTo(5);
    assertThat(objects).flatMap(Manifests::unknown).isEmpty();
    assertThat(objects).extracting(it -> it.at("/metadata/name").asText()).doesNotContain("");
  }

  @Test
  void a_field_that_no_kind_has_is_noticed() throws IOException {
    JsonNode deployment = Chart.one(Chart.rendered(SINGLE), "Deployment").deepCopy();
    ObjectNode container = (ObjectNode) deployment.at("/spec/template/spec/containers/0");
    container.put("portz", 1);

    assertThat(Manifests.unknown(deployment)).singleElement().asString().contains("portz");
  }

  @Test
  void one_daemon_has_a_volume_that_outlives_the_release_and_is_never_two() throws IOException {
    List<JsonNode> objects = Chart.rendered(SINGLE);

    assertThat(kinds(objects))
        .containsExactly(
            "ConfigMap",
            "Deployment",
            "NetworkPolicy",
            "PersistentVolumeClaim",
            "Pod",
            "Service",
            "ServiceAccount");
    JsonNode claim = Chart.one(objects, "PersistentVolumeClaim");
    assertThat(claim.at("/metadata/annotations").path("helm.sh/resource-policy").asText())
        .isEqualTo("keep");
    JsonNode deployment = Chart.one(objects, "Deployment");
    assertThat(deployment.at("/spec/strategy/type").asText()).isEqualTo("Recreate");
    assertThat(deployment.toString())
        .contains("{\"claimName\":\"" + claim.at("/metadata/name").asText() + "\"}");
  }

  @Test
  void replicas_have_a_database_and_no_volume_and_are_not_drained_all_at_once() throws IOException {
    List<JsonNode> objects = Chart.rendered(REPLICAS);

    assertThat(kinds(objects))
        .containsExactly(
            "ConfigMap",
            "Deployment",
            "NetworkPolicy",
            "Pod",
            "PodDisruptionBudget",
            "PrometheusRule",
            "Service",
            "ServiceAccount",
            "ServiceMonitor");
    JsonNode deployment = Chart.one(without(objects, "dashboard"), "Deployment");
    assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt()).isZero();
    assertThat(deployment.toString()).doesNotContain("persistentVolumeClaim");
    assertThat(Chart.one(objects, "NetworkPolicy").at("/spec/egress").toString())
        .contains("\"port\":5432");
  }

  private static List<String> kinds(List<JsonNode> objects) {
    return new ArrayList<>(
        new TreeSet<>(objects.stream().map(it -> it.path("kind").asText()).toList()));
  }

  private static List<JsonNode> without(List<JsonNode> objects, String name) {
    return objects.stream().filter(it -> !it.at("/metadata/name").asText().contains(name)).toList();
  }

  @ParameterizedTest
  @CsvSource({SINGLE, REPLICAS, TEAMS})
  void every_pod_is_without_privileges_on_a_root_that_it_cannot_write(String values)
      throws IOException {
    List<JsonNode> objects = Chart.rendered(values);
    List<JsonNode> pods =
        List.of(
            Chart.one(objects, "Deployment").at("/spec/template/spec"),
            Chart.one(objects, "Pod").path("spec"));

    assertThat(pods)
        .allSatisfy(pod -> {
          assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
          assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(65_532);
          assertThat(pod.at("/securityContext/seccompProfile/type").asText())
              .isEqualTo("RuntimeDefault");
          assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
          assertThat(pod.path("containers")).hasSize(1);
          JsonNode container = pod.at("/containers/0/securityContext");
          assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
          assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
          assertThat(container.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
          assertThat(mountsOf(pod)).isEqualTo(volumesOf(pod));
        });
  }

  private static TreeSet<String> mountsOf(JsonNode pod) {
    return new TreeSet<>(pod.at("/containers/0/volumeMounts").findValuesAsText("name"));
  }

  private static TreeSet<String> volumesOf(JsonNode pod) {
    TreeSet<String> names = new TreeSet<>();
    pod.path("volumes").forEach(volume -> names.add(volume.path("name").asText()));
    return names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "single.yaml | replicas=2 | replicas: 2 with storage.kind sqlite",
        "single.yaml | replicas=-1 | replicas",
        "single.yaml | replica=1 | replica",
        "single.yaml | storage.kind=mysql | 'sqlite', 'postgresql'",
        "single.yaml | storage.sqlite.size=lots | size",
        "single.yaml | image.digest=sha256:12 | digest",
        "single.yaml | config.contact= | config.contact: nothing",
        "single.yaml | config.storage.url=sqlite:x | config.storage: the chart writes it",
        "single.yaml | config.http.port=1 | config.http: the chart writes it",
        "single.yaml | config.probes.port=1 | config.probes: the chart writes it",
        "single.yaml | secretFiles[0].folder=../etc | folder",
        "single.yaml | secretFiles[0].folder=database | folder",
        "single.yaml | api.enabled=true | api.enabled: without TLS",
        "single.yaml | networkPolicy.egressPorts[0]=70000 | egressPorts",
        "single.yaml | serviceMonitor.enabled=true | networkPolicy.metricsFrom: nothing",
        "single.yaml | terminationGracePeriodSeconds=1 | terminationGracePeriodSeconds",
        "teams.yaml | teams[0].name=paymnts | teams: paymnts (expected: a team that config.teams",
        "teams.yaml | config.teams.ops.own-receivers=true | config.teams.ops: without a file",
        "teams.yaml | teams[0].file=x | file",
        "teams.yaml | teams[0].files[0]=../x | files",
        "teams.yaml | teams[0].secret=x | secretKeys",
        "replicas.yaml | storage.kind=sqlite | replicas: 3 with storage.kind sqlite",
        "replicas.yaml | storage.postgresql.host= | storage.postgresql.host: nothing",
        "replicas.yaml | storage.postgresql.passwordSecret.name= | passwordSecret.name: nothing",
        "replicas.yaml | storage.postgresql.host=u:p@db | host",
        "replicas.yaml | storage.postgresql.password=hunter2 | password",
      })
  void refuses_values_that_cannot_work_and_names_them(
      String values, String setting, String message) {
    assertThatThrownBy(() -> Chart.text(values, setting)).hasMessageContaining(message);
  }

  @Test
  void the_daemon_takes_the_configuration_that_the_chart_writes(@TempDir Path folder)
      throws IOException {
    Configuration configuration = loaded(folder);

    assertThat(configuration.probes()).isEqualTo(Optional.of(new Probes("0.0.0.0", 8322)));
    assertThat(configuration.http().isLoopback()).isTrue();
    assertThat(configuration.instance()).isEqualTo("watch-sigwarden");
    assertThat(configuration.receivers()).containsOnlyKeys("oncall", "soc");
  }

  @Test
  void the_daemon_serves_the_api_as_the_chart_says(@TempDir Path folder) throws IOException {
    HttpSettings tls = loaded(folder, "api.enabled=true", "api.tlsSecret=console").http();
    assertThat(tls.host()).isEqualTo("0.0.0.0");
    assertThat(tls.port()).isEqualTo(8_321);
    assertThat(tls.tls())
        .contains(
            new HttpSettings.Tls(folder.resolve("api/tls.crt"), folder.resolve("api/tls.key")));

    HttpSettings proxied = loaded(folder, "api.enabled=true", "api.behindProxy=true").http();
    assertThat(proxied.isLoopback()).isFalse();
    assertThat(proxied.tls()).isEmpty();

    Configuration people =
        loaded(
            folder,
            "api.enabled=true",
            "api.tlsSecret=console",
            "config.api.oidc.issuer=https://login.acme.example",
            "config.api.oidc.roles.admin[0]=sec-admins");
    assertThat(people.access().oidc().orElseThrow().role(Set.of("sec-admins")))
        .contains(Role.ADMIN);
  }

  /// The configuration that the chart writes, as the daemon reads it, with files and secrets below
  /// the folder.
  private static Configuration loaded(Path folder, String... settings) throws IOException {
    JsonNode map = Chart.one(Chart.rendered(SINGLE, settings), "ConfigMap");
    Files.createDirectories(folder.resolve("smtp"));
    Path password = folder.resolve("smtp/password");
    Files.writeString(password, "secret");
    password.toFile().setReadable(false, false);
    password.toFile().setReadable(true, true);
    Files.createDirectories(folder.resolve("allow"));
    Files.writeString(folder.resolve("allow/acme-releases.txt"), "# nothing yet\n");
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            map.at("/data/sigwarden.yaml")
                .asText()
                .replace("/run/secrets/", folder + "/")
                .replace("/files/", folder + "/"));

    Loaded<Configuration> loaded =
        Configuration.load(
            file,
            Map.of("WEBHOOK_SECRET", "whsec_" + Base64.getEncoder().encodeToString(new byte[32])));

    assertThat(loaded.problems()).extracting(Problem::format).isEmpty();
    return loaded.value().orElseThrow();
  }

  @Test
  void the_daemon_reads_teams_where_the_chart_puts_their_files(@TempDir Path folder)
      throws IOException {
    List<JsonNode> objects = Chart.rendered(TEAMS);
    Map<String, String> keys =
        Map.of(
            "sigwarden.yaml",
            "watches: {app: {identities: [{text: payments}]}}\n",
            "releases.txt",
            "# nothing yet\n",
            "web.yaml",
            "receivers: {hook: {channel: webhook, url: \"https://web.acme.example/\","
                + " secret-file: hook}}\nroute: {receiver: web/hook}\n",
            "hook",
            "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));
    for (JsonNode item :
        Chart.one(objects, "Deployment").at("/spec/template/spec/volumes").findValues("items")) {
      for (JsonNode key : item) {
        Path file = folder.resolve(key.path("path").asText());
        Files.createDirectories(file.getParent());
        Files.writeString(file, keys.get(key.path("key").asText()));
        assertThat(file.toFile().setReadable(false, false)).isTrue();
        assertThat(file.toFile().setReadable(true, true)).isTrue();
      }
    }
    Files.writeString(
        folder.resolve("sigwarden.yaml"),
        Chart.one(objects, "ConfigMap").at("/data/sigwarden.yaml").asText());

    Loaded<Configuration> loaded =
        Configuration.load(folder, Map.of("SOC_SECRET", keys.get("hook")));

    assertThat(loaded.problems()).extracting(Problem::format).isEmpty();
    assertThat(loaded.value().orElseThrow().watches().named("payments/app")).isPresent();
    assertThat(loaded.value().orElseThrow().receivers()).containsOnlyKeys("soc", "web/hook");
    assertThat(folder.resolve("teams/payments/releases.txt")).exists();
  }

  @Test
  void only_what_counts_from_the_next_start_on_restarts_the_daemon() throws IOException {
    String asIs = pods(SINGLE);

    assertThat(pods(SINGLE, "config.watches.acme-release.severity=high")).isEqualTo(asIs);
    assertThat(pods(SINGLE, "api.enabled=true", "api.behindProxy=true")).isNotEqualTo(asIs);
    assertThat(pods(REPLICAS, "storage.postgresql.settings.connections=20"))
        .isNotEqualTo(pods(REPLICAS));
  }

  private static String pods(String values, String... settings) throws IOException {
    return Chart.one(Chart.rendered(values, settings), "Deployment")
        .at("/spec/template/metadata/annotations")
        .toString();
  }

  @Test
  void the_chart_is_of_the_program_s_version() throws IOException {
    Properties build = new Properties();
    try (InputStream in = ChartTest.class.getResourceAsStream("/sigwarden-version.properties")) {
      build.load(in);
    }

    assertThat(
            Chart.YAML
                .readTree(Chart.FOLDER.resolve("Chart.yaml").toFile())
                .path("appVersion")
                .asText())
        .isEqualTo(build.getProperty("version"));
  }

  @Test
  void the_schema_has_every_value_and_no_other() throws IOException {
    JsonNode values = Chart.YAML.readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    JsonNode schema = Chart.YAML.readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
    ((ObjectNode) schema.path("properties")).remove("global");

    agree("", values, schema);
  }

  private static void agree(String path, JsonNode values, JsonNode schema) {
    List<String> described = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(described::add);
    List<String> present = new ArrayList<>();
    values.fieldNames().forEachRemaining(present::add);
    if (schema.path("additionalProperties").isBoolean() && !path.equals(".resources")) {
      assertThat(present).as(path).containsExactlyInAnyOrderElementsOf(described);
      present.forEach(
          key -> agree(path + "." + key, values.path(key), schema.at("/properties").path(key)));
    }
  }

  @Test
  void the_readme_has_every_value_with_its_default_and_meaning() throws IOException {
    Generated.check(Chart.FOLDER.resolve("README.md"), ChartReadme.values());
  }
}
