package dev.sigwarden.notify.teams;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpNotifier.Conversation;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.settings.Section;

/// `channel: teams`: posts to a workflow that starts when a Teams webhook request is received.
@AutoService(Channel.class)
public final class TeamsChannel extends HttpChannel {
  public TeamsChannel() {
    super("teams", false);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    Credential url = http.secretUrl(receiver, "url", "the workflow's address, secret as a whole");
    return (_, tools) ->
        Conversation.of(message ->
            HttpCall.json(http.url(url), TeamsMessage.of(message.alert(), tools)).secretAddress());
  }
}
