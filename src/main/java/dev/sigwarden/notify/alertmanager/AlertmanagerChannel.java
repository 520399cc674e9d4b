package dev.sigwarden.notify.alertmanager;

import com.google.auto.service.AutoService;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.HttpPeer;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.settings.Section;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// `channel: alertmanager`: hands alerts to every instance of an Alertmanager cluster, as it asks
/// of its clients; one of them having it is enough, since they tell each other what was sent.
@AutoService(Channel.class)
public final class AlertmanagerChannel implements Channel {
  /// Instances of one cluster; clusters have three.
  private static final int MAX_INSTANCES = 10;

  /// How long an alert fires unless it is told again or ends: findings do not end by themselves,
  /// and Alertmanager takes what is not told again for resolved.
  private static final Duration DEFAULT_HOLD = Duration.ofDays(7);

  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,63}");

  @Override
  public String name() {
    return "alertmanager";
  }

  @Override
  public boolean keepsIncidents() {
    return true;
  }

  @Override
  public NotifierSource configure(Section receiver) {
    HttpOptions http = HttpOptions.read(receiver);
    List<URI> instances =
        receiver.list(
            "instances",
            "every instance of the cluster, without a balancer between",
            instance -> http.url(instance, "url", "where it listens, without /api/v2"));
    if (instances.isEmpty() || instances.size() > MAX_INSTANCES) {
      receiver.problem("instances", instances.size() + " of them", "1 to " + MAX_INSTANCES);
    }
    Duration hold =
        receiver.duration(
            "hold",
            DEFAULT_HOLD,
            Duration.ofMinutes(5),
            Duration.ofDays(90),
            "how long an alert fires after it was told last");
    Map<String, String> labels =
        receiver.textMap("labels", "more labels, to route by in Alertmanager");
    labels.keySet().stream()
        .filter(name -> !LABEL.matcher(name).matches() || AlertmanagerAlert.OURS.contains(name))
        .forEach(name ->
            receiver.problem(
                "labels", PeerWords.clean(name), "a label name that is not Sigwarden's own"));
    Optional<Credential> token =
        Credential.optional(
            receiver,
            "token",
            "sent as Authorization: Bearer",
            Credential::isToken,
            "printable ASCII without spaces");
    return (_, tools) ->
        new HttpNotifier(
            http,
            tools,
            (peer, message) -> {
              Alert alert = message.alert();
              byte[] body =
                  CloudEvent.bytes(
                      AlertmanagerAlert.of(
                          alert, tools.instance(), labels, tools.clock().instant(), hold));
              String secret = token.isPresent() ? token.get().read() : "";
              return tell(peer, instances, body, secret);
            });
  }

  private static Delivery tell(HttpPeer peer, List<URI> instances, byte[] body, String secret)
      throws IOException, InterruptedException {
    List<HttpAnswer> answers = new ArrayList<>();
    IOException silence = new IOException("no instance");
    int took = 0;
    for (URI instance : instances) {
      HttpCall call =
          HttpCall.json("POST", URI.create(base(instance) + "/api/v2/alerts"), body).secret(secret);
      if (!secret.isEmpty()) {
        call.header("authorization", "Bearer " + secret);
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
      return new Delivery.Delivered("%d of %d instances".formatted(took, instances.size()));
    }
    if (answers.isEmpty()) {
      throw silence;
    }
    return answers.getFirst().judge();
  }

  private static String base(URI url) {
    return url.toString().replaceFirst("/+\\z", "");
  }
}
