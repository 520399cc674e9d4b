package dev.sigwarden.notify.slack;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.notify.Fitting;
import dev.sigwarden.notify.Link;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.Stage;

/// A message in blocks. Slack parses mentions, links and formatting in `mrkdwn` only, so text of a
/// log stands in `rich_text` and nowhere else, and what is `mrkdwn` whatever one says, the
/// notification's line, holds our own words and the id.
final class SlackMessage {
  /// Characters of a header. Source: Slack, Block Kit, header block.
  private static final int MAX_HEADER = 150;

  /// Characters of all that a log filled: with the rest below the 13,000 or so at which Slack says
  /// `msg_blocks_too_long`.
  private static final int MAX_TEXT = 9_000;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private SlackMessage() {}

  /// The message, shortened until it fits.
  static ObjectNode of(Alert alert, NotifierTools tools) {
    String text =
        Fitting.fit(
            alert,
            fitted -> tools.text().render(Form.CHAT, "slack", fitted).strip(),
            said -> said.length() <= MAX_TEXT);
    ObjectNode message = MAPPER.createObjectNode();
    message.put("text", escaped(Stage.headline(alert)) + " (" + alert.uid() + ")");
    message.put("unfurl_links", false).put("unfurl_media", false);
    ArrayNode blocks = message.putArray("blocks");
    plain(
        blocks.addObject().put("type", "header").putObject("text"),
        Fitting.cut(Stage.headline(alert), MAX_HEADER));
    blocks
        .addObject()
        .put("type", "rich_text")
        .putArray("elements")
        .addObject()
        .put("type", "rich_text_preformatted")
        .putArray("elements")
        .addObject()
        .put("type", "text")
        .put("text", Fitting.cut(text, MAX_TEXT));
    ArrayNode buttons = MAPPER.createArrayNode();
    Link.of(alert).forEach(link -> button(buttons, link));
    if (!buttons.isEmpty()) {
      blocks.addObject().put("type", "actions").set("elements", buttons);
    }
    ArrayNode context = blocks.addObject().put("type", "context").putArray("elements");
    plain(
        context.addObject(),
        "%s | %s | telling %d | %s"
            .formatted(alert.uid(), alert.kind().label(), alert.revision(), tools.instance()));
    return message;
  }

  private static void button(ArrayNode buttons, Link link) {
    ObjectNode button = buttons.addObject().put("type", "button").put("url", link.url());
    plain(button.putObject("text"), link.title());
  }

  private static void plain(ObjectNode object, String text) {
    object.put("type", "plain_text").put("text", text).put("emoji", false);
  }

  /// The operator's own names could hold these too.
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
