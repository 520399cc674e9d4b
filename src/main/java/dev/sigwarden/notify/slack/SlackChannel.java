package dev.sigwarden.notify.slack;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.settings.Section;

/// `channel: slack`: posts to an incoming webhook.
@AutoService(Channel.class)
public final class SlackChannel implements Channel {
  @Override
  public String name() {
    return "slack";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    HttpOptions http = HttpOptions.read(receiver);
    Credential url = http.secretUrl(receiver, "url", "the incoming webhook, secret as a whole");
    return (_, tools) ->
        new HttpNotifier(
            http,
            tools,
            (peer, message) -> {
              byte[] body = CloudEvent.bytes(SlackMessage.of(message.alert(), tools));
              HttpCall call = HttpCall.json("POST", http.url(url), body).secretAddress();
              return peer.exchange(call).judge();
            });
  }
}
