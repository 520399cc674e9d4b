package dev.sigwarden.notify.pagerduty;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpNotifier.Conversation;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.regex.Pattern;

/// `channel: pagerduty`: triggers, acknowledges and resolves incidents.
@AutoService(Channel.class)
public final class PagerDutyChannel extends HttpChannel {
  private static final String URL = "https://events.pagerduty.com/v2/enqueue";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]{32}");

  public PagerDutyChannel() {
    super("pagerduty", true);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
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
        Conversation.of(
            message -> {
              String secret = key.read();
              return HttpCall.json(
                      url, PagerDutyEvent.of(message.alert(), secret, tools.instance()))
                  .secret(secret);
            },
            PagerDutyChannel::judge);
  }

  /// A key of another form or service is answered like a malformed event.
  private static Delivery judge(HttpAnswer answer) {
    return answer.status() == 400 && answer.body().contains("routing_key")
        ? answer.unauthorized()
        : answer.judge();
  }
}
