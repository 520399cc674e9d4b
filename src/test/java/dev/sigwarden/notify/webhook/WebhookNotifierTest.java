package dev.sigwarden.notify.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookNotifierTest extends NotifierContract {
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OLD_KEY =
      "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.US_ASCII);
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOOK", secret(KEY), "OLD_HOOK", secret(OLD_KEY), "TOKEN", "t0ken");

  private final WireMockServer server =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
  @TempDir private Path dir;

  @BeforeEach
  void start() {
    server.start();
    answer(aResponse().withStatus(204));
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Override
  protected Notifier open() {
    return open("");
  }

  private Notifier open(String more) {
    return open(server.baseUrl() + "/hook?token=s3cret", more);
  }

  private Notifier open(String url, String more) {
    return Opened.receiver(
        dir,
        "channel: webhook\nurl: \"%s\"\nallow-insecure: true\nsecret: ${HOOK}\n".formatted(url)
            + (more.contains("allow-private") ? "" : "allow-private: true\n")
            + (more.contains("timeout") ? "" : "timeout: 5s\n")
            + more,
        ENVIRONMENT,
        TestAlerts.CLOCK);
  }

  @Override
  protected List<Received> received() {
    List<Received> received = new ArrayList<>();
    server
        .getAllServeEvents()
        .reversed()
        .forEach(event ->
            received.add(
                new Received(
                    event.getRequest().getHeader("webhook-id"),
                    event.getRequest().getBodyAsString())));
    return received;
  }

  @Override
  protected void takeAway() {
    server.stop();
  }

  private void answer(ResponseDefinitionBuilder answer) {
    server.stubFor(any(anyUrl()).willReturn(answer));
  }

  private LoggedRequest last() {
    return server.getAllServeEvents().getFirst().getRequest();
  }

  private Delivery deliver(Notifier opened) {
    try (Notifier notifier = opened) {
      return notifier.deliver(first(TestAlerts.fork()));
    }
  }

  @Test
  void signs_the_exact_bytes_with_every_active_key() throws Exception {
    deliver(open("previous-secret: ${OLD_HOOK}\ntoken: ${TOKEN}\nheaders: {x-team: soc}\n"));
    String signed =
        last().getHeader("webhook-id") + "." + last().getHeader("webhook-timestamp") + ".";
    assertThat(last().getHeader("webhook-signature"))
        .isEqualTo(
            mac(KEY, signed, last().getBody()) + " " + mac(OLD_KEY, signed, last().getBody()));
    assertThat(last().getHeader("webhook-timestamp"))
        .isEqualTo(Long.toString(TestAlerts.CLOCK.instant().getEpochSecond()));
    assertThat(last().getHeader("webhook-id")).doesNotContain(".");
    assertThat(last().getHeader("authorization")).isEqualTo("Bearer t0ken");
    assertThat(last().getHeader("x-team")).isEqualTo("soc");
  }

  @Test
  void posts_type_timestamp_and_data() throws Exception {
    Alert alert = TestAlerts.fork();
    deliver(open());
    JsonNode body = JsonMapper.builder().build().readTree(last().getBody());
    assertThat(body.get("type").textValue()).isEqualTo("finding.opened");
    assertThat(body.get("timestamp").textValue()).isEqualTo(alert.at().toString());
    assertThat(body.get("data")).isEqualTo(AlertJson.toTree(alert));
  }

  @Test
  void posts_cloudevents_in_both_modes() throws Exception {
    deliver(open("body: cloudevents\n"));
    assertThat(last().getHeader("content-type")).startsWith("application/cloudevents+json");
    JsonNode event = JsonMapper.builder().build().readTree(last().getBody());
    assertThat(event.get("data")).isEqualTo(AlertJson.toTree(TestAlerts.fork()));
    deliver(open("body: cloudevents-binary\n"));
    assertThat(last().getHeader("content-type")).isEqualTo("application/json");
    assertThat(last().getHeader("ce-type")).isEqualTo("dev.sigwarden.finding.opened.v1");
    assertThat(last().getBodyAsString()).isEqualTo(AlertJson.write(TestAlerts.fork()));
  }

  @Test
  void percent_encodes_attributes_for_headers() {
    assertThat(WebhookNotifier.percentEncoded("a \"%é\r\n")).isEqualTo("a%20%22%25%C3%A9%0D%0A");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void tries_again_after_trouble_that_passes(int status) {
    answer(aResponse().withStatus(status).withHeader("Retry-After", "17"));
    assertThat(deliver(open()))
        .isInstanceOfSatisfying(
            Delivery.TryAgain.class,
            again -> assertThat(again.pause()).isEqualTo(Optional.of(Duration.ofSeconds(17))));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 401, 403, 404, 405, 407, 410})
  void says_that_the_address_refuses_and_not_the_message(int status) {
    answer(aResponse().withStatus(status).withHeader("Location", server.baseUrl() + "/other"));
    assertThat(deliver(open())).isInstanceOf(Delivery.Unauthorized.class);
    assertThat(server.getAllServeEvents()).as("redirects are not followed").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 415, 422})
  void says_that_the_message_is_refused(int status) {
    answer(aResponse().withStatus(status).withBody("no \u001b[2J" + "x".repeat(500)));
    assertThat(deliver(open()))
        .isInstanceOfSatisfying(
            Delivery.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .contains("\\u{1B}")
                    .doesNotContain("s3cret")
                    .hasSizeLessThan(300));
  }

  @Test
  void never_shows_the_secret_parts_of_an_address() {
    Notifier notifier = open();
    takeAway();
    assertThat(deliver(notifier).toString()).contains("http://localhost").doesNotContain("s3cret");
  }

  @Test
  void takes_no_notice_of_a_body_of_ten_megabytes() throws IOException {
    try (RawServer huge =
        new RawServer(socket -> {
          OutputStream out = socket.getOutputStream();
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
          for (int i = 0; i < 160; i++) {
            out.write(new byte[65536]);
          }
        })) {
      assertThat(deliver(open("http://127.0.0.1:" + huge.port() + "/", "")))
          .isEqualTo(new Delivery.Delivered("200"));
    }
  }

  @Test
  void gives_up_on_a_peer_that_never_answers() throws IOException {
    try (RawServer silent = new RawServer(_ -> Thread.sleep(60_000))) {
      assertThat(deliver(open("http://127.0.0.1:" + silent.port() + "/", "timeout: 1s\n")))
          .isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Test
  void gives_up_on_a_peer_that_answers_a_byte_at_a_time() throws IOException {
    try (RawServer slow =
        new RawServer(socket -> {
          OutputStream out = socket.getOutputStream();
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
          while (true) {
            out.write('x');
            out.flush();
            Thread.sleep(100);
          }
        })) {
      assertThat(deliver(open("http://127.0.0.1:" + slow.port() + "/", "timeout: 1s\n")))
          .isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Test
  void survives_an_answer_that_is_no_http() throws IOException {
    try (RawServer evil =
        new RawServer(socket ->
            socket
                .getOutputStream()
                .write("\u0000\u001b garbage\n\n\n".getBytes(StandardCharsets.US_ASCII)))) {
      assertThat(deliver(open("http://127.0.0.1:" + evil.port() + "/", "")))
          .isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:%d/", "http://localhost:%d/", "http://2130706433:%d/"})
  void connects_to_no_private_address_unless_allowed(String url) {
    Delivery delivery = deliver(open(url.formatted(server.port()), "allow-private: false\n"));
    assertThat(delivery).isInstanceOfAny(Delivery.Unauthorized.class, Delivery.TryAgain.class);
    assertThat(server.getAllServeEvents()).isEmpty();
  }

  @Test
  void connects_to_no_metadata_service_even_if_private_is_allowed() {
    assertThat(deliver(open("http://169.254.169.254/latest/", "")))
        .isInstanceOf(Delivery.Unauthorized.class);
  }

  @Test
  void refuses_a_configuration_that_is_not_safe() {
    assertThat(Opened.problems(dir, "channel: webhook\nurl: http://a.example/\n"))
        .anySatisfy(problem -> assertThat(problem).contains("allow-insecure"))
        .anySatisfy(problem -> assertThat(problem).contains("whsec_"));
    assertThat(
            Opened.problems(
                dir,
                "channel: webhook\nurl: https://good@evil.example/\n"
                    + "headers: {Authorization: x, webhook-id: y, 'a b': z, ok: \"\\u00e9\"}\n"))
        .hasSizeGreaterThanOrEqualTo(5);
  }

  private static String secret(byte[] key) {
    return "whsec_" + Base64.getEncoder().encodeToString(key);
  }

  /// The standard's formula written anew.
  private static String mac(byte[] key, String signed, byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] head = signed.getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(all));
  }
}
