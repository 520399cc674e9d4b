package dev.sigwarden.notify.opsgenie;

import com.google.auto.service.AutoService;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpNotifier.Conversation;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// `channel: opsgenie`: opens, acknowledges and closes alerts of Jira Service Management or
/// Opsgenie, whose API it has taken over.
@AutoService(Channel.class)
public final class OpsgenieChannel extends HttpChannel {
  private static final String URL = "https://api.atlassian.com/jsm/ops/integration/v2/alerts";

  /// Responders of one alert. Source: Opsgenie, Alert API.
  private static final int MAX_RESPONDERS = 50;

  /// Who is called.
  public enum Type {
    TEAM,
    USER,
    ESCALATION,
    SCHEDULE
  }

  public OpsgenieChannel() {
    super("opsgenie", true);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    URI url =
        http.url(
            receiver,
            "url",
            URL,
            "the alerts of the API, https://api.opsgenie.com/v2/alerts for Opsgenie");
    Credential key = Credential.token(receiver, "api-key", "the key of an API integration");
    List<OpsgenieAlert.Responder> responders =
        receiver.list("responders", "who is called", OpsgenieChannel::responder);
    if (responders.size() > MAX_RESPONDERS) {
      receiver.problem("responders", responders.size() + " of them", "at most " + MAX_RESPONDERS);
    }
    return (_, tools) ->
        Conversation.of(message -> {
          OpsgenieAlert alert =
              new OpsgenieAlert(
                  message.alert(),
                  tools.instance(),
                  fitted -> tools.text().render(Form.TEXT, "opsgenie", fitted));
          return HttpCall.json(HttpOptions.below(url, alert.action()), alert.body(responders))
              .authorization("GenieKey", key);
        });
  }

  private static OpsgenieAlert.Responder responder(Section section) {
    return new OpsgenieAlert.Responder(
        section
            .choice("type", Type.class, Type.TEAM, "what is named")
            .name()
            .toLowerCase(Locale.ROOT),
        section.text("name", "the name; of a user the e-mail address"));
  }
}
