package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sigwarden.notify.Leaks;
import dev.sigwarden.notify.Receivers;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.notify.email.ScriptedSmtp;
import dev.sigwarden.notify.kafka.ScriptedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program with a receiver of every channel that has a secret, all of which refuse it
/// and repeat whatever they were told: nothing that anybody may read of the program holds a secret,
/// not even with its log at the finest level.
class SecretsIT {
  /// How the stand-in answers, one after the other.
  private static final int[] STATUSES = {500, 401, 400, 302, 429};

  private static final String PASSWORD = "smtpPa55wordQ7xV2mZ9kL4t";

  /// By receiver: the keys that take its channel there, and what its secret's file holds.
  private record Secretive(String yaml, String file, String secret) {}

  @TempDir private Path folder;

  private final AtomicInteger answers = new AtomicInteger();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  private void repeat(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(exchange.getRequestURI().getPath().split("/", 3)[1]);
      String said =
          "%s %s %s %s"
              .formatted(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  exchange.getRequestHeaders().values(),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      byte[] body = said.getBytes(StandardCharsets.UTF_8);
      int status = STATUSES[answers.getAndIncrement() % STATUSES.length];
      exchange.getResponseHeaders().add("Location", exchange.getRequestURI().toString());
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Map<String, Secretive> receivers(String base, int smtp, int kafka) {
    Map<String, Secretive> all = new LinkedHashMap<>();
    String token = "Q7xV2mZ9kL4tR8wY";
    add(
        all,
        "webhook",
        "url: %s/webhook, secret-file: F",
        "whsec_" + "Q7xV2mZ9kL4tR8wYabcdEFGH01234567");
    add(
        all,
        "pagerduty",
        "url: %s/pagerduty, routing-key-file: F",
        "9f8e7d6c5b4a39281706f5e4d3c2b1a0");
    add(all, "slack", "url-file: F", base + "/slack/T000/B000/slack" + token, "slack" + token);
    add(all, "teams", "url-file: F", base + "/teams/1?sig=teams" + token, "teams" + token);
    add(all, "alertmanager", "instances: [{url: %s/alertmanager}], token-file: F", "am" + token);
    add(all, "splunk", "url: %s/splunk, token-file: F", "splunk" + token);
    add(all, "opsgenie", "url: %s/opsgenie, api-key-file: F", "opsgenie" + token);
    add(all, "github", "url: %s/github, repository: acme/alerts, token-file: F", "github" + token);
    add(all, "elasticsearch", "url: %s/elasticsearch, api-key-file: F", "elastic" + token);
    add(
        all,
        "kafka",
        "bootstrap: 'localhost:%d', topic: t, security: plain, timeout: 10s, sasl: {mechanism: plain, user: u, password-file: F}"
            .formatted(kafka),
        "kafka" + token);
    add(
        all,
        "email",
        "from: a@acme.example, to: [b@acme.example], smtp: {host: localhost, port: %d, ca-file: ca.pem, user: u, password-file: F}"
            .formatted(smtp),
        PASSWORD);
    all.replaceAll((_, it) -> new Secretive(it.yaml().replace("%s", base), it.file(), it.secret()));
    return all;
  }

  private static void add(Map<String, Secretive> all, String channel, String yaml, String secret) {
    add(all, channel, yaml, secret, secret);
  }

  private static void add(
      Map<String, Secretive> all, String channel, String yaml, String file, String secret) {
    all.put(channel, new Secretive(yaml, file, secret));
  }

  @Test
  void no_secret_of_a_receiver_is_in_any_log_database_metric_or_answer() throws Exception {
    HttpServer services =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    services.createContext("/", this::repeat);
    services.start();
    TestTls tls = new TestTls("localhost");
    Files.writeString(folder.resolve("ca.pem"), tls.pem);
    try (ScriptedSmtp smtp = new ScriptedSmtp(tls.context);
        ScriptedKafka kafka = new ScriptedKafka(login -> "not by " + login);
        Serving serving = new Serving(folder)) {
      smtp.answers.put("AUTH", "535 not by u and " + PASSWORD);
      Map<String, Secretive> all =
          receivers(
              "http://127.0.0.1:" + services.getAddress().getPort(), smtp.port(), kafka.port());
      configure(serving, all);
      Program program = serving.startBy(List.of("env", "QUARKUS_LOG_LEVEL=TRACE"));
      serving.append(Entries.watched("stolen"));
      serving.until("trouble with all", program, () -> troubled(serving).containsAll(all.keySet()));
      // The broker has been told the password and has repeated it.
      serving.until(
          "Kafka's own words",
          program,
          () -> program.err().contains("failed authentication due to"));
      assertThat(asked).hasSize(all.size() - 2);
      Leaks leaks = new Leaks(new HashSet<>(all.values().stream().map(Secretive::secret).toList()));
      for (Map.Entry<String, String> shown : shown(serving, program).entrySet()) {
        assertThat(leaks.in(shown.getValue())).as(shown.getKey()).isEmpty();
      }
    } finally {
      services.stop(0);
    }
  }

  private static void configure(Serving serving, Map<String, Secretive> all) {
    Set<String> channels = new TreeSet<>(Receivers.channelNames());
    channels.removeAll(List.of("console", "syslog"));
    assertThat(all.keySet()).as("every channel that has a secret").containsAll(channels);
    all.forEach((name, it) -> {
      serving.config().write(name + ".secret", it.file() + "\n");
      String http = name.equals("email") || name.equals("kafka") ? "" : ", allow-private: true";
      String insecure = name.equals("email") ? "" : ", allow-insecure: true";
      serving
          .config()
          .receives(
              name,
              "{channel: %s, %s%s%s}"
                  .formatted(
                      name,
                      it.yaml().replace("-file: F", "-file: " + name + ".secret"),
                      http,
                      insecure));
    });
    serving.config().route("{receivers: [%s]}".formatted(String.join(", ", all.keySet())));
  }

  /// The receivers of which the outbox says why they did not take something.
  private static Set<String> troubled(Serving serving) throws IOException {
    Set<String> troubled = new HashSet<>();
    for (JsonNode row :
        serving.get("/api/v1/outbox?limit=200", serving.local()).json().path("deliveries")) {
      if (!row.path("lastError").asText("").isEmpty()) {
        troubled.add(row.path("receiver").asText(""));
      }
    }
    return troubled;
  }

  /// All that anybody may read, by where it stands.
  private Map<String, String> shown(Serving serving, Program program) throws IOException {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("standard output", program.out());
    shown.put("the log", program.err());
    assertThat(program.err()).as("the log at its finest").contains("DEBUG");
    List<String> paths =
        new ArrayList<>(
            List.of("outbox?limit=200", "findings", "conditions", "audit", "logs", "watches"));
    paths.replaceAll(path -> "/api/v1/" + path);
    paths.addAll(List.of("/q/metrics", "/q/health", "/api/v1/openapi"));
    for (String path : paths) {
      shown.put(path, serving.get(path, serving.local()).body());
    }
    assertThat(shown.get("/q/metrics")).contains("sigwarden_");
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        shown.put(
            file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return shown;
  }
}
