package dev.sigwarden.notify.github;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpReceiverContract;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.Opened;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class GitHubChannelTest extends HttpReceiverContract {
  @Override
  protected String yaml(String base) {
    return """
    channel: github
    url: %s/api/v3
    repository: acme/alerts
    token-file: secret
    labels: [security]
    """
        .formatted(base);
  }

  @Override
  protected void takeEverything() {
    found("[]", "[]");
    server.stubFor(
        post(urlEqualTo("/api/v3/repos/acme/alerts/issues"))
            .willReturn(aResponse().withStatus(201).withBody("{\"number\":7}")));
    server.stubFor(
        post(urlPathMatching("/api/v3/repos/acme/alerts/issues/[0-9]+/comments"))
            .willReturn(aResponse().withStatus(201).withBody("{}")));
    server.stubFor(
        patch(urlPathMatching("/api/v3/repos/acme/alerts/issues/[0-9]+")).willReturn(okJson("{}")));
  }

  private void found(String latest, String searched) {
    server.stubFor(
        post(urlEqualTo("/api/graphql"))
            .willReturn(
                okJson(
                    """
                    {"data":{"repository":{"issues":{"nodes":%s}},"search":{"nodes":%s}}}
                    """
                        .formatted(latest, searched))));
  }

  private static String issue(int number, Alert alert) {
    return "[{\"number\":1,\"title\":\"other\"},{\"number\":%d,\"title\":\"[X] y (%s)\"}]"
        .formatted(number, alert.uid());
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return ("Bearer " + secret).equals(request.getHeader("authorization"));
  }

  @Override
  protected String id(JsonNode body) {
    String text = body.path("body").asText("");
    int at = text.indexOf("<!-- sigwarden:");
    return at < 0 ? "" : text.substring(at, text.indexOf("-->", at));
  }

  @Override
  protected List<Received> received() {
    return super.received().stream().filter(received -> !received.id().isEmpty()).toList();
  }

  /// An issue is opened once; a repeat finds it.
  @Override
  protected boolean keepsOne() {
    return true;
  }

  @Override
  protected boolean readsAnswers() {
    return true;
  }

  /// Everything that is not inside the fence, and that the fence ends where it should.
  @Override
  protected List<String> acting(JsonNode body) {
    List<String> acting = new ArrayList<>();
    acting.add(body.path("title").asText(""));
    acting.add(body.path("labels").toString());
    acting.add(body.path("variables").toString());
    String fence = "";
    for (String line : body.path("body").asText("").split("\n", -1)) {
      if (fence.isEmpty() && line.startsWith("```")) {
        fence = line.substring(0, line.lastIndexOf('`') + 1);
        acting.add("fence");
      } else if (!fence.isEmpty() && line.strip().matches("`{" + fence.length() + ",}")) {
        fence = "";
        acting.add("end of fence");
      } else if (fence.isEmpty()) {
        acting.add(line);
      }
    }
    return acting;
  }

  @Test
  void opens_no_second_issue_when_an_answer_got_lost() {
    Alert alert = TestAlerts.fork();
    found(issue(9, alert), "[]");
    assertThat(deliver(open(), alert)).isEqualTo(new Delivery.Delivered("#9"));
    assertThat(requests()).hasSize(1);
    found("[]", issue(8, alert));
    assertThat(deliver(open(), alert)).isEqualTo(new Delivery.Delivered("#8"));
  }

  @Test
  void comments_on_the_issue_of_a_finding_and_closes_it_when_it_is_over() {
    Alert over = TestAlerts.all().get("log-unreachable-over");
    try (Notifier notifier = open()) {
      notifier.deliver(first(TestAlerts.unreachable()));
      assertThat(notifier.deliver(later(over))).isEqualTo(new Delivery.Delivered("#7"));
    }
    assertThat(requests())
        .extracting(request -> request.getMethod() + " " + request.getUrl())
        .containsExactly(
            "POST /api/graphql",
            "POST /api/v3/repos/acme/alerts/issues",
            "PATCH /api/v3/repos/acme/alerts/issues/7",
            "POST /api/v3/repos/acme/alerts/issues/7/comments");
    assertThat(body(requests().get(2)).path("state").textValue()).isEqualTo("closed");
  }

  @Test
  void waits_when_it_has_asked_too_much() {
    answer(403, "", "x-ratelimit-remaining", "0");
    assertThat(deliver(open())).isInstanceOf(Delivery.TryAgain.class);
    answer(403, "", "retry-after", "60");
    assertThat(deliver(open())).isInstanceOf(Delivery.TryAgain.class);
    answer(403, "{\"message\":\"You have exceeded a secondary rate limit.\"}");
    assertThat(deliver(open()))
        .isInstanceOfSatisfying(
            Delivery.TryAgain.class,
            again -> assertThat(again.pause()).contains(Duration.ofMinutes(10)));
  }

  @Test
  void waits_when_the_search_says_that_it_has_asked_too_much() {
    String limited = "{\"errors\":[{\"type\":\"RATE_LIMITED\"}]}";
    answer(200, limited, "x-ratelimit-remaining", "0");
    assertThat(deliver(open())).isInstanceOf(Delivery.TryAgain.class);
    answer(200, limited);
    assertThat(deliver(open())).isInstanceOf(Delivery.Unauthorized.class);
  }

  @Test
  void says_that_the_repository_is_not_there_for_this_token() {
    answer(200, "{\"data\":{\"repository\":null},\"errors\":[{\"type\":\"NOT_FOUND\"}]}");
    assertThat(deliver(open())).isInstanceOf(Delivery.Unauthorized.class);
  }

  @Test
  void keeps_within_the_length_of_a_body() {
    Alert alert = TestAlerts.unexpected(TestAlerts.IDENTITY);
    Field large = new Field("identity", "`".repeat(500), true);
    Alert huge = alert.withGroups((_, _) -> Collections.nCopies(300, large));
    assertThat(IssueText.body(huge, new AlertText())).hasSizeLessThan(65_000);
    assertThat(IssueText.title(huge))
        .hasSizeLessThanOrEqualTo(256)
        .endsWith("(" + alert.uid() + ")");
  }

  @Test
  void refuses_a_repository_and_labels_of_another_form() {
    String yaml = "channel: github\ntoken-file: secret\nrepository: '../x'\nlabel: 'a\"b'\n";
    assertThat(Opened.problems(dir, yaml)).hasSize(2);
  }
}
