package dev.sigwarden.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The message is the one that Standard Webhooks 1.0.0 gives as an example.
class WebhookReceiverTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIME = "1614265330";
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration IMPATIENCE = Duration.ofMillis(300);

  private final HttpClient http = HttpClient.newHttpClient();
  private final WebhookReceiver receiver =
      new WebhookReceiver(SECRET, Clock.fixed(NOW.plusSeconds(299), ZoneOffset.UTC));

  @AfterEach
  void close() {
    receiver.close();
  }

  private int send(String id, String time, String signature, String body) throws Exception {
    return send(PATIENCE, id, time, signature, body);
  }

  private int send(Duration timeout, String id, String time, String signature, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(receiver.url())
            .timeout(timeout)
            .headers("webhook-id", id, "webhook-timestamp", time, "webhook-signature", signature)
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private int send() throws Exception {
    return send(ID, TIME, SIGNATURE, BODY);
  }

  @Test
  void takes_a_message_that_is_signed_well() throws Exception {
    assertThat(send()).isEqualTo(200);
    assertThat(send(ID, TIME, "v1a,AAAA v1,AAAA " + SIGNATURE, BODY)).isEqualTo(200);

    assertThat(receiver.messages())
        .containsOnly(new WebhookReceiver.Message(ID, NOW, BODY, 200))
        .hasSize(2);
    assertThat(receiver.acceptedIds()).containsExactly(ID);
    assertThat(receiver.refusals()).isEmpty();
  }

  @Test
  void refuses_any_other() throws Exception {
    assertThat(send(ID, TIME, SIGNATURE, BODY + " ")).isEqualTo(401);
    assertThat(send(ID + "x", TIME, SIGNATURE, BODY)).isEqualTo(401);
    assertThat(send(ID, "1614265331", SIGNATURE, BODY)).isEqualTo(401);
    assertThat(send(ID, "1614265300", SIGNATURE, BODY)).isEqualTo(401);
    assertThat(send(ID, "soon", SIGNATURE, BODY)).isEqualTo(401);
    assertThat(send("a.b", TIME, SIGNATURE, BODY)).isEqualTo(401);
    assertThat(send(ID, TIME, "v1,", BODY)).isEqualTo(401);

    assertThat(receiver.messages()).isEmpty();
    assertThat(receiver.refusals()).hasSize(7);
    assertThat(receiver.refusals().get(3)).startsWith("webhook-timestamp: ");
  }

  @Test
  void answers_what_it_is_told_to() throws Exception {
    for (int status : List.of(503, 410, 204)) {
      receiver.answerWith(Answer.of(status));
      assertThat(send()).isEqualTo(status);
    }

    assertThat(receiver.messages().stream().map(WebhookReceiver.Message::accepted))
        .containsExactly(false, false, true);
  }

  @Test
  void can_hang_and_be_away() throws Exception {
    receiver.hang();
    assertThatThrownBy(() -> send(IMPATIENCE, ID, TIME, SIGNATURE, BODY))
        .isInstanceOf(HttpTimeoutException.class);
    await().atMost(PATIENCE).until(() -> receiver.messages().size() == 1);
    assertThat(receiver.acceptedIds()).isEmpty();

    receiver.down();
    // No connection, or the one that was left is cut.
    assertThatThrownBy(this::send).isInstanceOf(IOException.class);

    receiver.up();
    receiver.answerWith(Answer.of(200));
    assertThat(send()).isEqualTo(200);
    assertThat(receiver.acceptedIds()).containsExactly(ID);
  }
}
