package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sigwarden.sim.WireFaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The port for those who have no password, and what Prometheus and Grafana make of it.
class ProbesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final Pattern PROBES =
      Pattern.compile("probes at (http://127\\.0\\.0\\.1:[0-9]+)");

  @TempDir private Path folder;

  private static HttpResponse<String> ask(String base, String method, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  private static void serve(Backlog backlog, int port) throws IOException {
    Path file = backlog.config().save();
    String probes = "probes: {host: 127.0.0.1, port: %d}\n".formatted(port);
    Files.writeString(file, Files.readString(file) + probes);
  }

  @Test
  void probes_tell_whether_and_never_why_and_have_every_number_that_rules_and_dashboard_name()
      throws Exception {
    try (Backlog backlog = new Backlog(folder, 200)) {
      backlog.log().inject(WireFaults.silence());
      backlog.growTo(300);
      serve(backlog, 0);
      try (Program program = backlog.run()) {
        program.awaitErr("probes at ");
        Matcher listening = PROBES.matcher(program.err());
        assertThat(listening.find()).as(program.err()).isTrue();
        String base = listening.group(1);

        assertThat(ask(base, "GET", "/q/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> notReady = ask(base, "GET", "/q/health/ready");
        assertThat(notReady.statusCode()).isEqualTo(503);
        assertThat(notReady.body()).isEqualTo("down\n");
        for (String path :
            List.of("/", "/q/health", "/q", "/q/metrics/", "/api/v1/findings", "//q/health")) {
          assertThat(ask(base, "GET", path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(ask(base, "POST", "/q/metrics").statusCode()).isEqualTo(405);
        assertThat(ask(base, "GET", "/q/metrics?" + "x".repeat(8_000)).statusCode())
            .isGreaterThanOrEqualTo(400);

        backlog.log().heal();
        await("ready")
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertThat(ask(base, "GET", "/q/health/ready").body()).isEqualTo("up\n"));
        backlog.config().allow("half a line\n");
        String config = backlog.config().path().toString();
        assertThat(Program.run(folder, "drill", "--config", config).exit()).isIn(0, 4);
        await("everything that is named has a number")
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(names(ask(base, "GET", "/q/metrics").body())).containsAll(named()));
        Backlog.stop(program);
      }
    }
  }

  /// The names of the numbers that Prometheus reads.
  private static Set<String> names(String metrics) {
    return metrics
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]")[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The names of the numbers that rules and dashboard ask for.
  private static Set<String> named() throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    Set<String> names = new TreeSet<>();
    for (String file : List.of("rules/sigwarden.rules.yaml", "dashboards/sigwarden.json")) {
      List<String> expressions =
          yaml.readTree(Path.of("helm", file).toFile()).findValuesAsText("expr");
      assertThat(expressions).hasSizeGreaterThan(10);
      expressions.forEach(expression -> names.addAll(named(expression)));
    }
    assertThat(names).hasSizeGreaterThan(10);
    return names;
  }

  /// What an expression names that is neither function, operator, label nor text.
  private static List<String> named(String expression) {
    String bare =
        expression
            .replaceAll("\\{[^}]*}", " ")
            .replaceAll("\\[[^]]*]", " ")
            .replaceAll("\\b(by|without|on|ignoring) *\\([^)]*\\)", " ")
            .replaceAll("\\b(offset +)?[0-9]+[smhd]?\\b", " ");
    return Pattern.compile("[a-z_][a-z0-9_]*(?! *[a-z0-9_(])")
        .matcher(bare)
        .results()
        .map(java.util.regex.MatchResult::group)
        .filter(word -> !Set.of("unless", "or", "and", "by").contains(word))
        .toList();
  }

  @Test
  void port_that_is_taken_ends_the_start_in_one_line() throws IOException {
    try (Backlog backlog = new Backlog(folder, 200);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      serve(backlog, taken.getLocalPort());
      try (Program program = backlog.run()) {
        Program.Outcome outcome = program.end();

        assertThat(outcome.exit()).as(outcome.err()).isEqualTo(4);
        assertThat(outcome.err())
            .contains("cannot listen on 127.0.0.1 port " + taken.getLocalPort());
      }
    }
  }
}
