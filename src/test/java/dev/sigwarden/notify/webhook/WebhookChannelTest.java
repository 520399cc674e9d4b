package dev.sigwarden.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.HttpReceiverContract;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class WebhookChannelTest extends HttpReceiverContract {
  private static final byte[] OLD_KEY =
      "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.US_ASCII);
  private static final Map<String, String> ENVIRONMENT =
      Map.of("OLD_HOOK", secret(OLD_KEY), "TOKEN", "t0ken");

  @Override
  protected String yaml(String base) {
    return "channel: webhook\nurl: \"%s/hook?token=%s\"\nsecret-file: secret\n"
        .formatted(base, SECRET);
  }

  @Override
  protected String secretFile(String base, String secret) {
    return secret(secret.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  protected void takeEverything() {
    answer(204, "");
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return request
        .getHeader("webhook-signature")
        .equals(mac(secret.getBytes(StandardCharsets.US_ASCII), request));
  }

  @Override
  protected String id(JsonNode body) {
    return body.at("/data/uid").asText("");
  }

  @Override
  protected List<Received> received() {
    List<Received> received = new ArrayList<>();
    for (LoggedRequest request : requests()) {
      received.add(new Received(request.getHeader("webhook-id"), request.getBodyAsString()));
    }
    return received;
  }

  @Override
  protected List<String> acting(JsonNode body) {
    return List.of(
        body.path("type").asText(""),
        body.at("/data/title").asText(""),
        body.at("/data/runbook").asText(""),
        body.at("/data/uid").asText(""));
  }

  private LoggedRequest last() {
    return requests().getLast();
  }

  private void post(String more) {
    try (Notifier notifier =
        Opened.receiver(
            dir,
            yaml(server.baseUrl()) + "allow-insecure: true\nallow-private: true\n" + more,
            ENVIRONMENT,
            TestAlerts.CLOCK)) {
      notifier.deliver(first(TestAlerts.fork()));
    }
  }

  @Test
  void signs_the_exact_bytes_with_every_active_key() {
    post("previous-secret: ${OLD_HOOK}\ntoken: ${TOKEN}\nheaders: {x-team: soc}\n");
    assertThat(last().getHeader("webhook-signature"))
        .isEqualTo(
            mac(SECRET.getBytes(StandardCharsets.US_ASCII), last()) + " " + mac(OLD_KEY, last()));
    assertThat(last().getHeader("webhook-timestamp"))
        .isEqualTo(Long.toString(TestAlerts.CLOCK.instant().getEpochSecond()));
    assertThat(last().getHeader("webhook-id")).doesNotContain(".");
    assertThat(last().getHeader("authorization")).isEqualTo("Bearer t0ken");
    assertThat(last().getHeader("x-team")).isEqualTo("soc");
  }

  @Test
  void signs_so_that_the_receiver_can_check_and_not_make_a_signature() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    Files.writeString(dir.resolve("secret"), "whsk_" + Base64.getEncoder().encodeToString(seed));
    post("previous-secret: ${OLD_HOOK}\n");
    String[] signatures = last().getHeader("webhook-signature").split(" ", -1);
    assertThat(signatures).hasSize(2);
    assertThat(signatures[0]).startsWith("v1a,");
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(pair.getPublic());
    signature.update(signed(last()));
    assertThat(signature.verify(Base64.getDecoder().decode(signatures[0].substring(4)))).isTrue();
    assertThat(signatures[1]).isEqualTo(mac(OLD_KEY, last()));
  }

  @Test
  void posts_type_timestamp_and_data() {
    Alert alert = TestAlerts.fork();
    deliver(open());
    JsonNode body = body(last());
    assertThat(body.get("type").textValue()).isEqualTo("finding.opened");
    assertThat(body.get("timestamp").textValue()).isEqualTo(alert.at().toString());
    assertThat(body.get("data")).isEqualTo(AlertJson.toTree(alert));
  }

  @Test
  void posts_cloudevents_in_both_modes() {
    post("body: cloudevents\n");
    assertThat(last().getHeader("content-type")).startsWith("application/cloudevents+json");
    assertThat(body(last()).get("data")).isEqualTo(AlertJson.toTree(TestAlerts.fork()));
    post("body: cloudevents-binary\nformat: ecs\n");
    assertThat(last().getHeader("content-type")).isEqualTo("application/json");
    assertThat(last().getHeader("ce-type")).isEqualTo("dev.sigwarden.finding.opened.v1");
    assertThat(body(last()).at("/ecs/version").textValue()).isEqualTo("9.4.0");
    assertThat(last().getHeader("ce-dataschema")).startsWith("https://www.elastic.co/");
  }

  @Test
  void percent_encodes_attributes_for_headers() {
    assertThat(WebhookPost.percentEncoded("a \"%é\r\n")).isEqualTo("a%20%22%25%C3%A9%0D%0A");
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
      assertThat(deliver(open("http://127.0.0.1:" + slow.port(), "timeout: 1s\n")).toString())
          .contains("TryAgain");
    }
  }

  @Test
  void survives_an_answer_that_is_no_http() throws IOException {
    try (RawServer evil =
        new RawServer(socket ->
            socket
                .getOutputStream()
                .write("\u0000\u001b garbage\n\n\n".getBytes(StandardCharsets.US_ASCII)))) {
      assertThat(deliver(open("http://127.0.0.1:" + evil.port(), "")).toString())
          .contains("TryAgain");
    }
  }

  @Test
  void connects_to_no_metadata_service_even_if_private_is_allowed() {
    assertThat(deliver(open("http://169.254.169.254/latest", "")).toString())
        .contains("Unauthorized", "169.254.169.254 is not allowed");
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

  private static byte[] signed(LoggedRequest request) {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    String head =
        request.getHeader("webhook-id") + "." + request.getHeader("webhook-timestamp") + ".";
    signed.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    signed.writeBytes(request.getBody());
    return signed.toByteArray();
  }

  /// The standard's formula written anew.
  private static String mac(byte[] key, LoggedRequest request) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed(request)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
