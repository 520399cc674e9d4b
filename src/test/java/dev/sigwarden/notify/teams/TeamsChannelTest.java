package dev.sigwarden.notify.teams;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.HttpReceiverContract;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.Schemas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeamsChannelTest extends HttpReceiverContract {
  private final NotifierTools tools =
      new NotifierTools(new AlertText(), TestAlerts.CLOCK, "prod-1");

  @Override
  protected String yaml(String base) {
    return "channel: teams\nurl-file: secret\n";
  }

  @Override
  protected String secretFile(String base, String secret) {
    return base + "/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=" + secret;
  }

  @Override
  protected void takeEverything() {
    answer(202, "");
  }

  @Override
  protected boolean carries(LoggedRequest request, String secret) {
    return request.getUrl().endsWith("sig=" + secret);
  }

  @Override
  protected String id(JsonNode body) {
    return body.findValuesAsText("text").getLast();
  }

  @Override
  protected boolean keepsFindings() {
    return true;
  }

  /// Everything but text runs, which parse nothing, and how many there are.
  @Override
  protected List<String> acting(JsonNode body) {
    JsonNode card = body.at("/attachments/0/content");
    List<String> acting = new ArrayList<>();
    acting.add(card.path("fallbackText").asText(""));
    acting.add(card.path("actions").toString());
    for (JsonNode block : card.path("body")) {
      if (!block.path("type").asText("").equals("RichTextBlock")
          || !block.at("/inlines/0/type").asText("").equals("TextRun")
          || block.path("inlines").size() != 1
          || block.findValue("selectAction") != null) {
        acting.add(block.toString());
      }
    }
    return acting;
  }

  @Test
  void is_what_the_official_schema_of_cards_asks() throws IOException {
    for (Alert alert : TestAlerts.all().values()) {
      ObjectNode card =
          (ObjectNode) TeamsMessage.of(alert, tools).at("/attachments/0/content").deepCopy();
      // Of Teams alone.
      card.remove("msteams");
      Schemas.check("adaptivecards/adaptive-card-1.4.0.json", card);
    }
  }

  @Test
  void shortens_a_message_that_is_larger_than_teams_takes() {
    Alert alert = TestAlerts.unexpected(TestAlerts.IDENTITY);
    Field large = new Field("identity", "[a](https://evil.example)".repeat(20), true);
    Alert huge = alert.withGroups((_, _) -> Collections.nCopies(300, large));
    ObjectNode message = TeamsMessage.of(huge, tools);
    assertThat(CloudEvent.bytes(message)).hasSizeLessThanOrEqualTo(TeamsMessage.MAX_BYTES);
    assertThat(message.toString()).contains("left-out", alert.uid());
  }
}
