package dev.sigwarden.notify.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.service.AutoService;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpNotifier.Conversation;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.PayloadFormat;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.settings.Section;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;

/// `channel: elasticsearch`: creates a document for each telling, under its id, so that a repeat
/// changes nothing.
@AutoService(Channel.class)
public final class ElasticsearchChannel extends HttpChannel {
  private static final Pattern INDEX = Pattern.compile("[a-z0-9][a-z0-9._-]{0,254}");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  public ElasticsearchChannel() {
    super("elasticsearch", false);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    URI url = http.url(receiver, "url", "the cluster, without /_bulk");
    Credential key =
        Credential.token(receiver, "api-key", "an API key that may create documents, encoded");
    String index =
        receiver.text(
            "index", "logs-sigwarden.finding-default", "the data stream or index to write to");
    if (!INDEX.matcher(index).matches()) {
      receiver.problem(
          "index", PeerWords.clean(index), "small letters, digits, dots, hyphens, underscores");
    }
    PayloadFormat format =
        receiver.choice("format", PayloadFormat.class, PayloadFormat.ECS, "what a document is");
    return (_, tools) ->
        Conversation.of(
            message ->
                HttpCall.post(
                        HttpOptions.below(url, "/_bulk"),
                        "application/x-ndjson",
                        body(message.alert(), index, format, tools.instance()))
                    .authorization("ApiKey", key),
            ElasticsearchChannel::judge);
  }

  /// Two lines: what to do, and the document.
  static byte[] body(Alert alert, String index, PayloadFormat format, String instance) {
    ObjectNode action = MAPPER.createObjectNode();
    action.putObject("create").put("_index", index).put("_id", alert.eventId());
    ObjectNode document = format.of(alert, instance);
    if (!document.has("@timestamp")) {
      // Data streams ask for it.
      document.put("@timestamp", alert.at().toString());
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(CloudEvent.bytes(action));
    body.write('\n');
    body.writeBytes(CloudEvent.bytes(document));
    body.write('\n');
    return body.toByteArray();
  }

  /// The status of the whole says little: that of the one document counts. 409 is a document that
  /// is there already.
  private static Delivery judge(HttpAnswer answer) throws IOException {
    if (!answer.isGood()) {
      return answer.judge();
    }
    JsonNode item = answer.json().path("items").path(0).path("create");
    int status = item.path("status").asInt(0);
    if (status == 409 || (status >= 200 && status < 300)) {
      return new Delivery.Delivered(status == 409 ? "was there already" : "created");
    }
    if (status == 0) {
      throw new IOException(answer.reason() + " (expected: the status of one document)");
    }
    return answer.withStatus(status).judge();
  }
}
