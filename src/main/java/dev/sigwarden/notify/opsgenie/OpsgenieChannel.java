package dev.sigwarden.notify.opsgenie;

import com.google.auto.service.AutoService;
import dev.sigwarden.alert.AlertText.Form;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpNotifier;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.notify.Stage;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// `channel: opsgenie`: opens, acknowledges and closes alerts of Jira Service Management or
/// Opsgenie, whose API it has taken over.
@AutoService(Channel.class)
public final class OpsgenieChannel implements Channel {
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

  @Override
  public String name() {
    return "opsgenie";
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
            "the alerts of the API, https://api.opsgenie.com/v2/alerts for Opsgenie");
    Credential key = Credential.token(receiver, "api-key", "the key of an API integration");
    List<OpsgenieAlert.Responder> responders =
        receiver.list("responders", "who is called", OpsgenieChannel::responder);
    if (responders.size() > MAX_RESPONDERS) {
      receiver.problem("responders", responders.size() + " of them", "at most " + MAX_RESPONDERS);
    }
    return (_, tools) ->
        new HttpNotifier(
            http,
            tools,
            (peer, message) -> {
              OpsgenieAlert alert =
                  new OpsgenieAlert(
                      message.alert(),
                      tools.instance(),
                      fitted -> tools.text().render(Form.TEXT, "opsgenie", fitted));
              String path = url.toString().replaceFirst("/+\\z", "");
              byte[] body =
                  CloudEvent.bytes(
                      Stage.of(message.alert()) == Stage.OPEN
                          ? alert.create(responders)
                          : alert.follow());
              String secret = key.read();
              return peer.exchange(
                      HttpCall.json("POST", URI.create(path + alert.action()), body)
                          .header("authorization", "GenieKey " + secret)
                          .secret(secret))
                  .judge();
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
