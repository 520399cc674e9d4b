package dev.sigwarden.notify.splunk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.HttpPeer;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.UnusableException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Tells a collector one event and, if asked, waits until it is indexed: an acknowledged event
/// survives the collector.
final class SplunkTalk implements HttpNotifier.Conversation {
  /// Between two questions whether an event is indexed; Splunk asks for no less than seconds.
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final URI url;
  private final Credential token;
  private final SplunkEvent.Options options;
  private final boolean ack;
  private final Duration patience;
  private final String instance;

  /// Names this sender to the collector, which keeps acknowledgements apart by it.
  private final String channel;

  /// @param patience how long to wait until an event is indexed
  /// @param receiver the operator's name of the receiver
  SplunkTalk(
      URI url,
      Credential token,
      SplunkEvent.Options options,
      boolean ack,
      Duration patience,
      String receiver,
      String instance) {
    this.url = url;
    this.token = token;
    this.options = options;
    this.ack = ack;
    this.patience = patience;
    this.instance = instance;
    this.channel =
        UUID.nameUUIDFromBytes((instance + "/" + receiver).getBytes(StandardCharsets.UTF_8))
            .toString();
  }

  @Override
  public Delivery hold(HttpPeer peer, Message message) throws IOException, InterruptedException {
    HttpAnswer answer =
        peer.exchange(call("event", SplunkEvent.of(message.alert(), options, instance)));
    if (!answer.isGood()) {
      return judge(answer);
    }
    JsonNode said = answer.json();
    if (said.path("code").asInt(-1) != 0) {
      throw new IOException(answer.reason() + " (expected: code 0)");
    }
    if (!ack) {
      return new Delivery.Delivered("code 0");
    }
    if (!said.path("ackId").isIntegralNumber()) {
      throw new UnusableException(
          answer.address() + ": no ackId (expected: a token with indexer acknowledgement)");
    }
    return indexed(peer, said.path("ackId").longValue());
  }

  private Delivery indexed(HttpPeer peer, long id) throws IOException, InterruptedException {
    ObjectNode question = JsonMapper.builder().build().createObjectNode();
    question.putArray("acks").add(id);
    long end = System.nanoTime() + patience.toNanos();
    do {
      HttpAnswer answer = peer.exchange(call("ack", question));
      if (!answer.isGood()) {
        return judge(answer);
      }
      if (answer.json().path("acks").path(Long.toString(id)).asBoolean(false)) {
        return new Delivery.Delivered("indexed, ack " + id);
      }
      Thread.sleep(PAUSE);
    } while (System.nanoTime() < end);
    // Whether it will be is not known: the event's id tells the repeat.
    return new Delivery.TryAgain("not indexed within " + patience, Optional.empty());
  }

  private HttpCall call(String what, JsonNode body) throws UnusableException {
    String path = "/services/collector/" + what + "?channel=" + channel;
    return HttpCall.json(HttpOptions.below(url, path), body)
        .authorization("Splunk", token)
        .header("x-splunk-request-channel", channel);
  }

  /// Codes of the collector: an index that is not allowed (7), a missing or unknown channel (10,
  /// 11) and disabled acknowledgement (14) are the operator's to mend, though the status is that of
  /// a malformed event.
  private static Delivery judge(HttpAnswer answer) {
    return switch (answer.json().path("code").asInt(-1)) {
      case 7, 10, 11, 14 -> answer.unauthorized();
      default -> answer.judge();
    };
  }
}
