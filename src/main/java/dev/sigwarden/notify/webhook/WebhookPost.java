package dev.sigwarden.notify.webhook;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpPeer;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.UnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;

/// Posts an alert. `webhook-id` is the telling's id, the same on every attempt; the timestamp and
/// the signatures are made anew for each.
final class WebhookPost implements HttpNotifier.Conversation {
  /// Bytes of a body. Alerts are bounded well below; receivers cap at about this.
  private static final int MAX_BODY = 256 * 1024;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final WebhookOptions options;
  private final Clock clock;
  private final String instance;

  /// @param instance the daemon's name
  WebhookPost(WebhookOptions options, Clock clock, String instance) {
    this.options = options;
    this.clock = clock;
    this.instance = instance;
  }

  @Override
  public Delivery hold(HttpPeer peer, Message message) throws IOException, InterruptedException {
    Alert alert = message.alert();
    byte[] body = body(alert);
    if (body.length > MAX_BODY) {
      return new Delivery.Refused(
          "the alert has %d bytes (expected: at most %d)".formatted(body.length, MAX_BODY));
    }
    HttpCall call = HttpCall.post(options.url(), contentType(), body).secretAddress();
    // Content, ours and the operator's: the operator's cannot be any of ours.
    call.headers(options.headers());
    if (options.body() == WebhookChannel.Body.CLOUDEVENTS_BINARY) {
      event(alert)
          .attributes()
          .forEach((name, value) -> call.header("ce-" + name, percentEncoded(value)));
    }
    long timestamp = clock.instant().getEpochSecond();
    call.header("webhook-id", alert.eventId());
    call.header("webhook-timestamp", Long.toString(timestamp));
    call.header("webhook-signature", signatures(alert.eventId(), timestamp, body, call));
    if (options.token().isPresent()) {
      call.authorization("Bearer", options.token().get());
    }
    return peer.exchange(call).judge();
  }

  private byte[] body(Alert alert) {
    return switch (options.body()) {
      case JSON -> {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("type", CloudEvent.shortType(alert));
        body.put("timestamp", alert.at().toString());
        body.set("data", options.format().of(alert, instance));
        yield CloudEvent.bytes(body);
      }
      case CLOUDEVENTS -> event(alert).structured();
      case CLOUDEVENTS_BINARY -> event(alert).data();
    };
  }

  private CloudEvent event(Alert alert) {
    return new CloudEvent(alert, instance, options.format());
  }

  private String contentType() {
    return options.body() == WebhookChannel.Body.CLOUDEVENTS
        ? CloudEvent.STRUCTURED_TYPE
        : CloudEvent.DATA_TYPE;
  }

  /// One for each key, spaces between: whoever knows either takes the post.
  private String signatures(String id, long timestamp, byte[] body, HttpCall call)
      throws UnusableException {
    StringBuilder signatures = new StringBuilder();
    for (Credential credential : options.keys()) {
      String text = credential.read();
      call.secret(text).secret(text.substring(text.indexOf('_') + 1));
      WebhookKey key =
          WebhookKey.parse(text)
              .orElseThrow(() -> new UnusableException("secret: not " + WebhookKey.EXPECTED));
      signatures.append(signatures.isEmpty() ? "" : " ").append(key.sign(id, timestamp, body));
    }
    return signatures.toString();
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
}
