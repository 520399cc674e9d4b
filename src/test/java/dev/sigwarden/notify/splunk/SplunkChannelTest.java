package dev.sigwarden.notify.splunk;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpReceiverContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplunkChannelTest extends HttpReceiverContract {
  @Override
  protected String yaml(String base) {
    return "channel: splunk\nurl: %s\ntoken-file: secret\nindex: security\n".formatted(base);
  }

  @Override
  protected void takeEverything() {
    answer(200, "{\"text\":\"Success\",\"code\":0}");
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return ("Splunk " + secret).equals(request.getHeader("authorization"));
  }

  @Override
  protected String id(JsonNode body) {
    return body.at("/fields/event_id").asText("");
  }

  @Override
  protected boolean readsAnswers() {
    return true;
  }

  @Override
  protected List<String> acting(JsonNode body) {
    return List.of(
        body.path("fields").toString(),
        body.path("index").asText(""),
        body.path("source").asText(""),
        body.path("host").asText(""));
  }

  @Test
  void sends_the_whole_alert_with_its_time() {
    deliver(open());
    JsonNode event = body(requests().getFirst());
    assertThat(event.path("time").decimalValue()).isEqualByComparingTo("1788264005.123");
    assertThat(event.path("event")).isEqualTo(AlertJson.toTree(TestAlerts.fork()));
  }

  @Test
  void waits_until_an_event_is_indexed() {
    server.resetMappings();
    server.stubFor(
        post(urlPathEqualTo("/services/collector/event"))
            .willReturn(okJson("{\"text\":\"Success\",\"code\":0,\"ackId\":7}")));
    server.stubFor(
        post(urlPathEqualTo("/services/collector/ack"))
            .inScenario("ack")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("indexed")
            .willReturn(okJson("{\"acks\":{\"7\":false}}")));
    server.stubFor(
        post(urlPathEqualTo("/services/collector/ack"))
            .inScenario("ack")
            .whenScenarioStateIs("indexed")
            .willReturn(okJson("{\"acks\":{\"7\":true}}")));
    assertThat(deliver(open(server.baseUrl(), "acknowledge: true\n")))
        .isEqualTo(new Delivery.Delivered("indexed, ack 7"));
    assertThat(requests()).hasSize(3);
    assertThat(requests())
        .extracting(request -> request.getHeader("x-splunk-request-channel"))
        .containsOnly(requests().getFirst().getHeader("x-splunk-request-channel"));
  }

  @Test
  void takes_what_is_not_indexed_in_time_for_not_delivered() {
    server.resetMappings();
    server.stubFor(
        post(urlPathEqualTo("/services/collector/event"))
            .willReturn(okJson("{\"text\":\"Success\",\"code\":0,\"ackId\":7}")));
    server.stubFor(
        post(urlPathEqualTo("/services/collector/ack"))
            .willReturn(okJson("{\"acks\":{\"7\":false}}")));
    assertThat(deliver(open(server.baseUrl(), "acknowledge: true\ntimeout: 1s\n")))
        .isInstanceOf(Delivery.TryAgain.class);
  }

  @Test
  void says_that_the_token_has_no_acknowledgement() {
    assertThat(deliver(open(server.baseUrl(), "acknowledge: true\n")))
        .isInstanceOf(Delivery.Unauthorized.class);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 6, Refused",
    "400, 7, Unauthorized",
    "400, 10, Unauthorized",
    "400, 12, Refused",
    "400, 13, Refused",
    "400, 14, Unauthorized",
    "401, 2, Unauthorized",
    "403, 4, Unauthorized",
    "503, 9, TryAgain"
  })
  void knows_what_the_collectors_codes_mean(int status, int code, String outcome) {
    answer(status, "{\"text\":\"no\",\"code\":%d}".formatted(code));
    assertThat(deliver(open()).getClass().getSimpleName()).isEqualTo(outcome);
  }
}
