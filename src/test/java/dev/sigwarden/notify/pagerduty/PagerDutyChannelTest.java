package dev.sigwarden.notify.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpReceiverContract;
import dev.sigwarden.notify.Schemas;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagerDutyChannelTest extends HttpReceiverContract {
  @Override
  protected String yaml(String base) {
    return "channel: pagerduty\nurl: %s/v2/enqueue\nrouting-key-file: secret\n".formatted(base);
  }

  @Override
  protected void takeEverything() {
    answer(202, "{\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"x\"}");
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return body(request).path("routing_key").asText("").equals(secret);
  }

  @Override
  protected String id(JsonNode body) {
    return body.path("dedup_key").asText("");
  }

  @Override
  protected boolean keepsFindings() {
    return true;
  }

  @Override
  protected List<String> acting(JsonNode body) {
    JsonNode payload = body.path("payload");
    return List.of(
        body.path("event_action").asText(""),
        payload.path("summary").asText(""),
        payload.path("source").asText(""),
        payload.path("component").asText(""),
        body.path("links").toString(),
        body.path("images").toString());
  }

  @Test
  void is_what_the_services_schema_asks() throws IOException {
    for (Alert alert : TestAlerts.all().values()) {
      Schemas.check(
          "pagerduty/pagerduty-enqueue.schema.json", PagerDutyEvent.of(alert, SECRET, "prod-1"));
    }
  }

  @Test
  void resolves_what_is_over_under_the_key_that_triggered_it() {
    deliver(open(), TestAlerts.unreachable());
    deliver(open(), TestAlerts.all().get("log-unreachable-over"));
    JsonNode trigger = body(requests().getFirst());
    JsonNode resolve = body(requests().getLast());
    assertThat(trigger.path("event_action").textValue()).isEqualTo("trigger");
    assertThat(resolve.path("event_action").textValue()).isEqualTo("resolve");
    assertThat(resolve.path("dedup_key")).isEqualTo(trigger.path("dedup_key"));
  }

  @Test
  void says_that_the_key_is_wrong_and_not_the_event() {
    answer(400, "{\"status\":\"invalid event\",\"errors\":[\"'routing_key' is invalid\"]}");
    assertThat(deliver(open())).isInstanceOf(Delivery.Unauthorized.class);
  }

  @Test
  void shortens_an_event_that_is_larger_than_the_service_takes() {
    Alert alert = TestAlerts.unexpected(TestAlerts.IDENTITY);
    Field large = new Field("identity", "\u20ac".repeat(500), true);
    Alert huge = alert.withGroups((_, _) -> Collections.nCopies(500, large));
    JsonNode event = PagerDutyEvent.of(huge, SECRET, "prod-1");
    assertThat(CloudEvent.bytes(event)).hasSizeLessThanOrEqualTo(PagerDutyEvent.MAX_BYTES);
    assertThat(event.toString()).contains("left-out", alert.uid(), "\u20ac\u20ac");
  }
}
