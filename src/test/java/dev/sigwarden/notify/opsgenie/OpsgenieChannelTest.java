package dev.sigwarden.notify.opsgenie;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.HttpReceiverContract;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpsgenieChannelTest extends HttpReceiverContract {
  @Override
  protected String yaml(String base) {
    return """
    channel: opsgenie
    url: %s/v2/alerts
    api-key-file: secret
    responders: [{name: supply-chain}, {type: user, name: ann@acme.example}]
    """
        .formatted(base);
  }

  @Override
  protected void takeEverything() {
    answer(202, "{\"result\":\"Request will be processed\",\"requestId\":\"r\"}");
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return ("GenieKey " + secret).equals(request.getHeader("authorization"));
  }

  @Override
  protected String id(JsonNode body) {
    return body.path("alias").asText("by alias");
  }

  @Override
  protected boolean keepsFindings() {
    return true;
  }

  @Override
  protected List<String> acting(JsonNode body) {
    return List.of(
        body.path("message").asText(""),
        body.path("tags").toString(),
        body.path("entity").asText(""),
        body.path("responders").toString(),
        body.path("details").path("runbook").asText(""));
  }

  @Test
  void closes_by_alias_what_is_over() {
    deliver(open(), TestAlerts.all().get("log-unreachable-over"));
    assertThat(requests())
        .singleElement()
        .satisfies(request ->
            assertThat(request.getUrl())
                .isEqualTo(
                    "/v2/alerts/%s/close?identifierType=alias"
                        .formatted(TestAlerts.unreachable().uid())));
  }

  @Test
  void keeps_within_the_limits_of_the_api() {
    AlertText text = new AlertText();
    for (Alert alert : TestAlerts.all().values()) {
      Field large = new Field("identity", "x ".repeat(250), true);
      Alert huge = alert.withGroups((_, _) -> Collections.nCopies(300, large));
      JsonNode json = new OpsgenieAlert(huge, "prod-1", text::text).create(List.of());
      assertThat(json.path("message").asText("")).hasSizeBetween(1, 130);
      assertThat(json.path("description").asText("")).hasSizeLessThanOrEqualTo(15_000);
      assertThat(json.path("details").toString().length()).isLessThan(9_000);
      assertThat(json.path("tags")).allMatch(tag -> tag.textValue().length() <= 50);
    }
  }
}
