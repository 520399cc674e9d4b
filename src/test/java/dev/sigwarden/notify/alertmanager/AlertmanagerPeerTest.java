package dev.sigwarden.notify.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.text.HostileTexts;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Alertmanager shows and resolves what it is told. Skipped where there is none on the path.
class AlertmanagerPeerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private static Path home;
  private static Process alertmanager;
  private static String base;
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path dir;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .flatMap(folder ->
                Stream.of("alertmanager", "prometheus-alertmanager")
                    .map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(program.isPresent(), "no alertmanager on the path");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    base = "http://127.0.0.1:" + port;
    Files.writeString(
        home.resolve("alertmanager.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
    alertmanager =
        new ProcessBuilder(
                program.get().toString(),
                "--config.file=" + home.resolve("alertmanager.yml"),
                "--storage.path=" + home.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("alertmanager.txt").toFile())
            .start();
    await().atMost(PATIENCE).until(AlertmanagerPeerTest::answers);
  }

  private static boolean answers() throws InterruptedException {
    assertThat(alertmanager.isAlive()).isTrue();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
              .send(
                  HttpRequest.newBuilder(URI.create(base + "/-/ready")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (alertmanager != null) {
      alertmanager.destroy();
      alertmanager.waitFor();
    }
  }

  private Notifier open() {
    return Opened.receiver(
        dir,
        "channel: alertmanager\ninstances: [{url: %s}]\nallow-insecure: true\n".formatted(base)
            + "allow-private: true\n",
        Map.of(),
        Clock.systemUTC());
  }

  private void tell(Alert alert) {
    try (Notifier notifier = open()) {
      assertThat(notifier.deliver(NotifierContract.first(alert)))
          .isEqualTo(new Delivery.Delivered("1 of 1 instances"));
    }
  }

  /// The alerts that fire, with this id.
  private List<JsonNode> firing(String uid) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(base + "/api/v2/alerts?filter=finding_uid=" + uid))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    JsonNode alerts = JsonMapper.builder().build().readTree(answer.body());
    return alerts.valueStream().toList();
  }

  @Test
  void fires_once_however_often_it_is_told_and_resolves() throws Exception {
    Alert alert = TestAlerts.unreachable();
    tell(alert);
    tell(alert);
    assertThat(firing(alert.uid()))
        .singleElement()
        .satisfies(shown -> {
          assertThat(shown.at("/labels/alertname").textValue())
              .isEqualTo("SigwardenLogUnreachable");
          assertThat(shown.at("/status/state").textValue()).isIn("active", "unprocessed");
          assertThat(shown.at("/annotations/summary").textValue())
              .isEqualTo("[MEDIUM] " + alert.title());
        });
    tell(TestAlerts.all().get("log-unreachable-over"));
    await().atMost(PATIENCE).until(() -> firing(alert.uid()).isEmpty());
  }

  @Test
  void shows_again_what_it_forgot_and_what_ended_stays_resolved() throws Exception {
    Alert open = TestAlerts.fork();
    Alert over = TestAlerts.all().get("log-unreachable-over");
    tell(open);
    stop();
    start();
    assertThat(firing(open.uid())).as("alerts are kept in memory").isEmpty();
    try (Notifier notifier = open()) {
      assertThat(
              notifier.refresh(List.of(NotifierContract.first(open), NotifierContract.first(over))))
          .isEqualTo(new Delivery.Delivered("1 of 1 instances"));
    }
    assertThat(firing(open.uid())).hasSize(1);
    assertThat(firing(over.uid())).isEmpty();
  }

  @Test
  void takes_every_kind_and_every_attack() throws Exception {
    for (Alert alert : TestAlerts.all().values()) {
      tell(alert);
    }
    for (String attack : HostileTexts.all()) {
      Alert alert = TestAlerts.hostile(attack);
      tell(alert);
      assertThat(firing(alert.uid())).hasSize(1);
    }
  }
}
