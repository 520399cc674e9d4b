package dev.sigwarden.notify.pagerduty;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.regex.Pattern;

/// `channel: pagerduty`: triggers, acknowledges and resolves incidents.
@AutoService(Channel.class)
public final class PagerDutyChannel implements Channel {
  private static final String URL = "https://events.pagerduty.com/v2/enqueue";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]{32}");

  @Override
  public String name() {
    return "pagerduty";
  }

  @Override
  public boolean keepsIncidents() {
    return true;
  }

  @Override
  public NotifierSource configure(Section receiver) {
    HttpOptions http = HttpOptions.read(receiver);
    URI url =
        http.url(
            receiver,
            "url",
            URL,
            "where events go, https://events.eu.pagerduty.com/v2/enqueue in the EU");
    Credential key =
        Credential.required(
            receiver,
            "routing-key",
            "the integration key of a service's Events API v2 integration",
            text -> KEY.matcher(text).matches(),
            "32 letters and digits");
    return (_, tools) ->
        new HttpNotifier(
            http,
            tools,
            (peer, message) -> {
              String secret = key.read();
              byte[] event =
                  CloudEvent.bytes(PagerDutyEvent.of(message.alert(), secret, tools.instance()));
              HttpAnswer answer = peer.exchange(HttpCall.json("POST", url, event).secret(secret));
              return judge(answer);
            });
  }

  /// A key of another form or service is answered like a malformed event.
  private static Delivery judge(HttpAnswer answer) {
    return answer.status() == 400 && answer.body().contains("routing_key")
        ? answer.unauthorized()
        : answer.judge();
  }
}
