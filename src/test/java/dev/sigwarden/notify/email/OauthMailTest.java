package dev.sigwarden.notify.email;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.sigwarden.TestClock;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.TestTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail by OAuth 2: a token endpoint and a mail server that takes its tokens.
class OauthMailTest {
  private static final String SECRET = "client-s3cret&more";

  private final WireMockServer endpoint =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
  private final TestClock clock = new TestClock();
  private ScriptedSmtp mail;
  @TempDir private Path dir;

  @BeforeEach
  void start() throws Exception {
    endpoint.start();
    token("first", 3600);
    TestTls tls = new TestTls("localhost");
    Files.writeString(dir.resolve("ca.pem"), tls.pem);
    mail = new ScriptedSmtp(tls.context);
    mail.answers.put("AUTH", "235 welcome");
  }

  @AfterEach
  void stop() throws Exception {
    endpoint.stop();
    mail.close();
  }

  private void token(String token, int seconds) {
    answer(200, "{\"access_token\":\"%s\",\"expires_in\":%d}".formatted(token, seconds));
  }

  private void answer(int status, String body) {
    endpoint.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody(body)));
  }

  private Notifier open(Clock time) {
    return Opened.receiver(
        dir,
        """
        channel: email
        to: [oncall@acme.example]
        from: sigwarden@acme.example
        smtp:
          host: localhost
          port: %d
          ca-file: ca.pem
          timeout: 30s
          user: sigwarden@acme.example
          oauth2:
            token-url: %s/token
            allow-insecure: true
            allow-private: true
            client-id: sigwarden
            client-secret: ${CLIENT}
            scope: https://outlook.example/.default
        """
            .formatted(mail.port(), endpoint.baseUrl()),
        Map.of("CLIENT", SECRET),
        time);
  }

  private static Delivery send(Notifier notifier) {
    return notifier.deliver(NotifierContract.first(TestAlerts.fork()));
  }

  /// What the mail server was given to authenticate by, decoded.
  private List<String> logins() {
    return mail.commands.stream()
        .filter(command -> command.startsWith("AUTH XOAUTH2 "))
        .map(command -> Base64.getDecoder().decode(command.substring("AUTH XOAUTH2 ".length())))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toList();
  }

  private static String login(String token) {
    return "user=sigwarden@acme.example\u0001auth=Bearer " + token + "\u0001\u0001";
  }

  @Test
  void asks_for_a_token_once_and_again_when_it_ends() {
    mail.answers.put("EHLO", "250-me\r\n250-STARTTLS\r\n250 AUTH XOAUTH2");
    try (Notifier notifier = open(clock)) {
      assertThat(send(notifier)).isInstanceOf(Delivery.Delivered.class);
      assertThat(send(notifier)).isInstanceOf(Delivery.Delivered.class);
      assertThat(endpoint.getAllServeEvents()).hasSize(1);
      assertThat(endpoint.getAllServeEvents().getFirst().getRequest().getBodyAsString())
          .isEqualTo(
              "grant_type=client_credentials&client_id=sigwarden&client_secret=client-s3cret%26more"
                  + "&scope=https%3A%2F%2Foutlook.example%2F.default");
      token("second", 3600);
      clock.advance(Duration.ofHours(1));
      assertThat(send(notifier)).isInstanceOf(Delivery.Delivered.class);
    }
    assertThat(logins()).containsExactly(login("first"), login("first"), login("second"));
  }

  @Test
  void asks_for_another_token_when_the_server_ended_one_early() {
    mail.answers.put("EHLO", "250-me\r\n250-STARTTLS\r\n250 AUTH XOAUTH2");
    try (Notifier notifier = open(clock)) {
      assertThat(send(notifier)).isInstanceOf(Delivery.Delivered.class);
      token("second", 3600);
      String old =
          Base64.getEncoder().encodeToString(login("first").getBytes(StandardCharsets.UTF_8));
      mail.answers.remove("AUTH");
      mail.answers.put("AUTH XOAUTH2 " + old, "535 ended");
      assertThat(send(notifier)).isInstanceOf(Delivery.Delivered.class);
    }
    assertThat(logins().getLast()).isEqualTo(login("second"));
    assertThat(endpoint.getAllServeEvents()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_client, Unauthorized",
    "401, no, Unauthorized",
    "429, later, TryAgain",
    "500, later, TryAgain",
    "200, {}, TryAgain",
    "200, '{\"access_token\":\"a b\"}', TryAgain",
    "302, moved, TryAgain"
  })
  void sends_nothing_without_a_token(int status, String body, String outcome) {
    answer(status, body);
    try (Notifier notifier = open(clock)) {
      Delivery delivery = send(notifier);
      assertThat(delivery.getClass().getSimpleName()).isEqualTo(outcome);
      assertThat(delivery.toString()).doesNotContain(SECRET);
    }
    assertThat(mail.mails).isEmpty();
  }

  @Test
  void never_shows_the_clients_secret_even_if_the_endpoint_does() {
    answer(400, "bad secret " + SECRET + " or client-s3cret%26more");
    try (Notifier notifier = open(clock)) {
      assertThat(send(notifier).toString()).contains("400").doesNotContain("s3cret");
    }
  }

  @Test
  void takes_a_password_or_tokens_and_not_both() {
    String yaml =
        """
        channel: email
        to: [a@acme.example]
        from: b@acme.example
        smtp:
          host: localhost
          user: x
          password: ${P}
          oauth2: {token-url: "https://t.example/", client-id: c, client-secret: "${P}"}
        """;
    assertThat(Opened.problems(dir, yaml))
        .anySatisfy(problem -> assertThat(problem).contains("both oauth2 and password"));
  }
}
