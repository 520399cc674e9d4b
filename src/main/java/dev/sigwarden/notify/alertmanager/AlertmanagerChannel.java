package dev.sigwarden.notify.alertmanager;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// `channel: alertmanager`: hands alerts to every instance of an Alertmanager cluster, as it asks
/// of its clients; one of them having it is enough, since they tell each other what was sent.
@AutoService(Channel.class)
public final class AlertmanagerChannel extends HttpChannel {
  /// Instances of one cluster; clusters have three.
  private static final int MAX_INSTANCES = 10;

  /// Between two tellings of what is still there, as Prometheus does it.
  private static final Duration DEFAULT_RESEND = Duration.ofMinutes(1);

  /// How long an alert fires unless it is told again or ends. Longer than the 5 minutes of
  /// Alertmanager's own `resolve_timeout`: while Sigwarden is updated nothing should look resolved.
  private static final Duration DEFAULT_HOLD = Duration.ofMinutes(15);

  /// Tellings that may be lost on the way before an alert is taken for resolved, and one.
  private static final int RESENDS = 3;

  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,63}");

  public AlertmanagerChannel() {
    super("alertmanager", true);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    List<URI> instances =
        receiver.list(
            "instances",
            "every instance of the cluster, without a balancer between",
            instance -> http.url(instance, "url", "where it listens, without /api/v2"));
    if (instances.isEmpty() || instances.size() > MAX_INSTANCES) {
      receiver.problem("instances", instances.size() + " of them", "1 to " + MAX_INSTANCES);
    }
    Duration resend =
        receiver.duration(
            "resend",
            DEFAULT_RESEND,
            Duration.ofSeconds(10),
            Duration.ofDays(1),
            "between two tellings of what is still there");
    Duration hold =
        receiver.duration(
            "hold",
            DEFAULT_HOLD,
            Duration.ofMinutes(1),
            Duration.ofDays(90),
            "how long an alert fires after it was told last");
    if (hold.compareTo(resend.multipliedBy(RESENDS)) < 0) {
      receiver.problem("hold", hold.toString(), "at least %d times resend".formatted(RESENDS));
    }
    Map<String, String> labels =
        receiver.textMap("labels", "more labels, to route by in Alertmanager");
    labels.keySet().stream()
        .filter(name -> !LABEL.matcher(name).matches() || AlertmanagerAlert.OURS.contains(name))
        .forEach(name ->
            receiver.problem(
                "labels", PeerWords.clean(name), "a label name that is not Sigwarden's own"));
    Optional<Credential> token = Credential.bearer(receiver);
    AlertmanagerTalk.Options options =
        new AlertmanagerTalk.Options(instances, labels, resend, hold, token);
    return (_, tools) -> new AlertmanagerTalk(options, tools);
  }
}
