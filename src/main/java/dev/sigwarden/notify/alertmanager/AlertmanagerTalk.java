package dev.sigwarden.notify.alertmanager;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.HttpPeer;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.NotifierTools;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells every instance of a cluster, what is news and, at an interval, what is still there:
/// Alertmanager keeps alerts in memory, and takes what is not told again for resolved.
final class AlertmanagerTalk implements HttpNotifier.Conversation {
  /// How alerts are told.
  ///
  /// @param instances every instance of the cluster
  /// @param labels the operator's
  /// @param resend between two tellings of what is still there
  /// @param hold how long an alert fires after it was told last
  /// @param token sent as `Authorization: Bearer`; empty for none
  record Options(
      List<URI> instances,
      Map<String, String> labels,
      Duration resend,
      Duration hold,
      Optional<Credential> token) {
    Options {
      instances = List.copyOf(instances);
      labels = Map.copyOf(labels);
    }
  }

  private final Options options;
  private final NotifierTools tools;

  AlertmanagerTalk(Options options, NotifierTools tools) {
    this.options = options;
    this.tools = tools;
  }

  @Override
  public Delivery hold(HttpPeer peer, Message message) throws IOException, InterruptedException {
    return tell(peer, List.of(message.alert()));
  }

  @Override
  public Optional<Duration> refreshInterval() {
    return Optional.of(options.resend());
  }

  @Override
  public Delivery refresh(HttpPeer peer, List<Message> standing)
      throws IOException, InterruptedException {
    return tell(peer, standing.stream().map(Message::alert).toList());
  }

  private Delivery tell(HttpPeer peer, List<Alert> alerts)
      throws IOException, InterruptedException {
    ArrayNode body =
        AlertmanagerAlert.of(
            alerts, tools.instance(), options.labels(), tools.clock().instant(), options.hold());
    List<HttpAnswer> answers = new ArrayList<>();
    IOException silence = new IOException("no instance");
    int took = 0;
    for (URI instance : options.instances()) {
      HttpCall call = HttpCall.json(HttpOptions.below(instance, "/api/v2/alerts"), body);
      if (options.token().isPresent()) {
        call.authorization("Bearer", options.token().get());
      }
      try {
        HttpAnswer answer = peer.exchange(call);
        answers.add(answer);
        took += answer.isGood() ? 1 : 0;
      } catch (IOException e) {
        silence = e;
      }
    }
    if (took > 0) {
      return new Delivery.Delivered(
          "%d of %d instances".formatted(took, options.instances().size()));
    }
    if (answers.isEmpty()) {
      throw silence;
    }
    return answers.getFirst().judge();
  }
}
