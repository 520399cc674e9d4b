package dev.sigwarden.notify.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.HttpReceiverContract;
import dev.sigwarden.notify.NotifierTools;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlackChannelTest extends HttpReceiverContract {
  @Override
  protected String yaml(String base) {
    return "channel: slack\nurl-file: secret\n";
  }

  @Override
  protected String secretFile(String base, String secret) {
    return base + "/services/T000/B000/" + secret;
  }

  @Override
  protected void takeEverything() {
    answer(200, "ok");
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return request.getUrl().endsWith(secret);
  }

  @Override
  protected String id(JsonNode body) {
    return body.path("blocks").findValuesAsText("text").getLast();
  }

  /// Everything but the text elements of rich text, which Slack shows as they are.
  @Override
  protected List<String> acting(JsonNode body) {
    List<String> acting = new ArrayList<>();
    acting.add(body.path("text").asText(""));
    for (JsonNode block : body.path("blocks")) {
      if (block.path("type").asText("").equals("rich_text")) {
        JsonNode part = block.path("elements").path(0);
        acting.add(part.path("type").asText("") + part.path("elements").size());
        acting.add(part.path("elements").path(0).path("type").asText(""));
      } else {
        acting.add(block.toString());
      }
    }
    return acting;
  }

  @Test
  void keeps_within_the_limits_of_blocks() {
    NotifierTools tools = new NotifierTools(new AlertText(), TestAlerts.CLOCK, "prod-1");
    for (Alert alert : TestAlerts.all().values()) {
      Field large = new Field("identity", "<!channel>".repeat(50), true);
      Alert huge = alert.withGroups((_, _) -> Collections.nCopies(300, large));
      JsonNode message = SlackMessage.of(huge, tools);
      assertThat(message.path("blocks").size()).isLessThanOrEqualTo(50);
      assertThat(message.toString().length()).isLessThan(12_000);
      assertThat(message.at("/blocks/0/text/text").asText("")).hasSizeLessThanOrEqualTo(150);
      assertThat(message.toString()).contains(alert.uid()).doesNotContain("mrkdwn");
    }
  }
}
