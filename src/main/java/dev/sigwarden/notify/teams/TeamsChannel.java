package dev.sigwarden.notify.teams;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.settings.Section;

/// `channel: teams`: posts to a workflow that starts when a Teams webhook request is received.
@AutoService(Channel.class)
public final class TeamsChannel implements Channel {
  @Override
  public String name() {
    return "teams";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    HttpOptions http = HttpOptions.read(receiver);
    Credential url = http.secretUrl(receiver, "url", "the workflow's address, secret as a whole");
    return (_, tools) ->
        new HttpNotifier(
            http,
            tools,
            (peer, message) -> {
              byte[] body = CloudEvent.bytes(TeamsMessage.of(message.alert(), tools));
              HttpCall call = HttpCall.json("POST", http.url(url), body).secretAddress();
              return peer.exchange(call).judge();
            });
  }
}
