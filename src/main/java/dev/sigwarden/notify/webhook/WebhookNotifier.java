package dev.sigwarden.notify.webhook;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpPost;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.settings.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Posts alerts. `webhook-id` is the telling's id, the same on every attempt; the timestamp and the
/// signatures are made anew for each. Secrets are read at each use, so a rotated file counts at
/// once.
final class WebhookNotifier implements Notifier {
  /// Bytes of a body. Alerts are bounded well below; receivers cap at about this.
  private static final int MAX_BODY = 256 * 1024;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final WebhookOptions options;
  private final NotifierTools tools;
  private final HttpPost post;

  WebhookNotifier(WebhookOptions options, NotifierTools tools) {
    this.options = options;
    this.tools = tools;
    this.post =
        new HttpPost(
            options.url(), options.allowPrivate(), options.cas(), options.timeout(), tools.clock());
  }

  @Override
  public Delivery deliver(Message message) {
    Alert alert = message.alert();
    byte[] body = body(alert);
    if (body.length > MAX_BODY) {
      return new Delivery.Refused(
          "the alert has %d bytes (expected: at most %d)".formatted(body.length, MAX_BODY));
    }
    Map<String, String> headers = new HashMap<>(options.headers());
    headers.put("user-agent", "Sigwarden");
    contentHeaders(alert, headers);
    long timestamp = tools.clock().instant().getEpochSecond();
    headers.put("webhook-id", alert.eventId());
    headers.put("webhook-timestamp", Long.toString(timestamp));
    try {
      headers.put("webhook-signature", signatures(alert.eventId(), timestamp, body));
      if (options.token().isPresent()) {
        headers.put("authorization", "Bearer " + token(options.token().get()));
      }
    } catch (IOException e) {
      return new Delivery.Unauthorized(PeerWords.clean(String.valueOf(e.getMessage())));
    }
    return post.send(headers, body);
  }

  private byte[] body(Alert alert) {
    return switch (options.body()) {
      case JSON -> {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("type", CloudEvent.shortType(alert));
        body.put("timestamp", alert.at().toString());
        body.set("data", AlertJson.toTree(alert));
        yield CloudEvent.bytes(body);
      }
      case CLOUDEVENTS -> CloudEvent.structured(alert, tools.instance());
      case CLOUDEVENTS_BINARY -> CloudEvent.data(alert);
    };
  }

  private void contentHeaders(Alert alert, Map<String, String> headers) {
    headers.put(
        "content-type",
        options.body() == WebhookChannel.Body.CLOUDEVENTS
            ? CloudEvent.STRUCTURED_TYPE
            : CloudEvent.DATA_TYPE);
    if (options.body() == WebhookChannel.Body.CLOUDEVENTS_BINARY) {
      CloudEvent.attributes(alert, tools.instance())
          .forEach((name, value) -> headers.put("ce-" + name, percentEncoded(value)));
    }
  }

  private String signatures(String id, long timestamp, byte[] body) throws IOException {
    String signatures = "";
    if (options.secret().isPresent()) {
      signatures = key("secret", options.secret().get()).sign(id, timestamp, body);
    }
    if (options.previousSecret().isPresent()) {
      WebhookSecret previous = key("previous-secret", options.previousSecret().get());
      signatures = (signatures + " " + previous.sign(id, timestamp, body)).strip();
    }
    return signatures;
  }

  private static WebhookSecret key(String name, Secret secret) throws IOException {
    Optional<WebhookSecret> key = WebhookSecret.parse(secret.read());
    return key.orElseThrow(
        () -> new IOException(name + ": another text (expected: " + WebhookSecret.EXPECTED + ")"));
  }

  private static String token(Secret secret) throws IOException {
    String token = secret.read();
    if (!isToken(token)) {
      throw new IOException("token: another character (expected: printable ASCII)");
    }
    return token;
  }

  /// Whether the text can stand in the `Authorization` header.
  static boolean isToken(String text) {
    return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /// A header value as the CloudEvents HTTP binding section 3.1.3.2 encodes it: space, `"`, `%` and
  /// everything outside U+0021 to U+007E in percent form.
  static String percentEncoded(String value) {
    StringBuilder out = new StringBuilder();
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0x20 && b < 0x7f && b != '"' && b != '%') {
        out.append((char) b);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return out.toString();
  }

  @Override
  public void close() {
    post.close();
  }
}
