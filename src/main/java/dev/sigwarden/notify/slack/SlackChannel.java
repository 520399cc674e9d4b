package dev.sigwarden.notify.slack;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpNotifier.Conversation;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.settings.Section;

/// `channel: slack`: posts to an incoming webhook.
@AutoService(Channel.class)
public final class SlackChannel extends HttpChannel {
  public SlackChannel() {
    super("slack", false);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    Credential url = http.secretUrl(receiver, "url", "the incoming webhook, secret as a whole");
    return (_, tools) ->
        Conversation.of(message ->
            HttpCall.json(http.url(url), SlackMessage.of(message.alert(), tools)).secretAddress());
  }
}
