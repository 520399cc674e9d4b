package dev.sigwarden.notify.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpReceiverContract;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.Schemas;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertmanagerChannelTest extends HttpReceiverContract {
  @Override
  protected String yaml(String base) {
    return "channel: alertmanager\ninstances: [{url: %s/}]\ntoken-file: secret\n".formatted(base);
  }

  @Override
  protected void takeEverything() {
    answer(200, "");
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return ("Bearer " + secret).equals(request.getHeader("authorization"));
  }

  @Override
  protected String id(JsonNode body) {
    return body.at("/0/labels/finding_uid").asText("");
  }

  @Override
  protected boolean keepsFindings() {
    return true;
  }

  @Override
  protected List<String> acting(JsonNode body) {
    return List.of(
        body.at("/0/labels").toString(),
        body.at("/0/annotations/summary").asText(""),
        body.at("/0/annotations/runbook_url").asText(""),
        body.at("/0/generatorURL").asText(""));
  }

  private static JsonNode alert(Alert alert) {
    Instant now = TestAlerts.CLOCK.instant();
    return AlertmanagerAlert.of(
        List.of(alert), "prod-1", Map.of("team", "soc"), now, Duration.ofDays(7));
  }

  @Test
  void is_what_the_api_asks() throws IOException {
    for (Alert alert : TestAlerts.all().values()) {
      Schemas.check("alertmanager/postable-alerts.schema.json", alert(alert));
    }
  }

  @Test
  void fires_until_it_is_over_under_the_same_labels() {
    Instant now = TestAlerts.CLOCK.instant();
    JsonNode open = alert(TestAlerts.unreachable());
    JsonNode over = alert(TestAlerts.all().get("log-unreachable-over"));
    assertThat(open.at("/0/endsAt").textValue()).isEqualTo(now.plus(Duration.ofDays(7)).toString());
    assertThat(over.at("/0/endsAt").textValue())
        .isEqualTo(TestAlerts.all().get("log-unreachable-over").at().toString());
    assertThat(over.at("/0/labels")).isEqualTo(open.at("/0/labels"));
    assertThat(open.at("/0/labels/alertname").textValue()).isEqualTo("SigwardenLogUnreachable");
    assertThat(open.at("/0/labels/team").textValue()).isEqualTo("soc");
  }

  @Test
  void is_told_again_what_is_there_with_an_end_that_moves_on() {
    TestClock clock = new TestClock();
    String yaml = yaml(server.baseUrl()) + "allow-insecure: true\nallow-private: true\n";
    List<Message> standing =
        List.of(
            first(TestAlerts.fork()),
            first(TestAlerts.all().get("log-unreachable-over")),
            first(TestAlerts.unexpected("x")));
    try (Notifier notifier =
        Opened.receiver(
            dir,
            yaml + "min-severity: high\nresend: 30s\nhold: 2m\nfields: {center: zurich-7}\n",
            Map.of(),
            clock)) {
      assertThat(notifier.refreshInterval()).contains(Duration.ofSeconds(30));
      assertThat(notifier.refresh(standing)).isInstanceOf(Delivery.Delivered.class);
      clock.advance(Duration.ofSeconds(30));
      assertThat(notifier.refresh(standing)).isInstanceOf(Delivery.Delivered.class);
      answer(500, "no " + SECRET);
      assertThat(notifier.refresh(standing)).isInstanceOf(Delivery.TryAgain.class);
    }
    List<JsonNode> bodies = requests().stream().map(this::body).toList();
    assertThat(bodies.getFirst()).hasSize(2);
    assertThat(bodies.getFirst().toString()).contains("zurich-7");
    for (JsonNode told : bodies.getFirst()) {
      assertThat(told.path("endsAt").textValue())
          .isEqualTo(TestClock.START.plus(Duration.ofMinutes(2)).toString());
    }
    assertThat(bodies.get(1).at("/0/endsAt").textValue())
        .isEqualTo(TestClock.START.plus(Duration.ofSeconds(150)).toString());
    assertThat(bodies.get(1).at("/0/labels")).isEqualTo(bodies.getFirst().at("/0/labels"));
  }

  @Test
  void takes_no_hold_that_ends_between_two_tellings() {
    String yaml = "channel: alertmanager\ninstances: [{url: https://a.example}]\n";
    assertThat(Opened.problems(dir, yaml + "resend: 1m\nhold: 2m\n")).hasSize(1);
    assertThat(Opened.problems(dir, yaml + "resend: 5m\nhold: 15m\n")).isEmpty();
  }

  @Test
  void tells_every_instance_and_is_content_with_one() {
    String both = "channel: alertmanager\ninstances: [{url: \"http://127.0.0.1:1\"}, {url: %s}]\n";
    String more = "allow-insecure: true\nallow-private: true\n";
    assertThat(
            deliver(
                Opened.receiver(dir, both.formatted(server.baseUrl()) + more), TestAlerts.fork()))
        .isEqualTo(new Delivery.Delivered("1 of 2 instances"));
  }

  @Test
  void takes_no_labels_that_are_its_own() {
    String yaml = "channel: alertmanager\ninstances: [{url: https://a.example}]\n";
    assertThat(Opened.problems(dir, yaml + "labels: {severity: low, 'a b': c}\n")).hasSize(2);
    assertThat(Opened.problems(dir, "channel: alertmanager\n")).isNotEmpty();
  }
}
