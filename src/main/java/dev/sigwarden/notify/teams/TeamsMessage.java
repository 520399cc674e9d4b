package dev.sigwarden.notify.teams;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Fitting;
import dev.sigwarden.notify.Link;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.Stage;

/// A message that holds one Adaptive Card 1.4. `TextBlock` parses Markdown and `TextRun` does not,
/// so text of a log stands in text runs and nowhere else.
final class TeamsMessage {
  /// Bytes of a message: what Teams takes is about 28 KB.
  static final int MAX_BYTES = 27_000;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private TeamsMessage() {}

  /// The message, shortened until it fits.
  static ObjectNode of(Alert alert, NotifierTools tools) {
    return Fitting.fit(
        alert,
        fitted -> message(fitted, tools),
        message -> CloudEvent.bytes(message).length <= MAX_BYTES);
  }

  private static ObjectNode message(Alert alert, NotifierTools tools) {
    ObjectNode message = MAPPER.createObjectNode().put("type", "message");
    ObjectNode attachment = message.putArray("attachments").addObject();
    attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
    attachment.putNull("contentUrl");
    ObjectNode card = attachment.putObject("content");
    card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    card.put("type", "AdaptiveCard").put("version", "1.4");
    card.putObject("msteams").put("width", "Full");
    card.put("fallbackText", Stage.headline(alert));
    ArrayNode body = card.putArray("body");
    run(body, Stage.headline(alert))
        .put("weight", "Bolder")
        .put("size", "Medium")
        .put("color", Stage.of(alert) == Stage.OVER ? "Good" : "Attention");
    for (String line : tools.text().render(Form.CHAT, "teams", alert).strip().lines().toList()) {
      if (!line.isBlank()) {
        run(body, line).put("fontType", "Monospace").put("size", "Small");
      }
    }
    run(body, alert.uid() + " | " + alert.kind().label() + " | " + tools.instance())
        .put("isSubtle", true)
        .put("size", "Small");
    ArrayNode actions = MAPPER.createArrayNode();
    for (Link link : Link.of(alert)) {
      actions
          .addObject()
          .put("type", "Action.OpenUrl")
          .put("title", link.title())
          .put("url", link.url());
    }
    if (!actions.isEmpty()) {
      card.set("actions", actions);
    }
    return message;
  }

  private static ObjectNode run(ArrayNode body, String text) {
    return body.addObject()
        .put("type", "RichTextBlock")
        .putArray("inlines")
        .addObject()
        .put("type", "TextRun")
        .put("text", text);
  }
}
