package dev.sigwarden.notify.splunk;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.PayloadFormat;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.Optional;

/// `channel: splunk`: sends events to an HTTP Event Collector.
@AutoService(Channel.class)
public final class SplunkChannel extends HttpChannel {
  public SplunkChannel() {
    super("splunk", false);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    URI url =
        http.url(receiver, "url", "the collector, https://splunk.example:8088 without a path");
    Credential token = Credential.token(receiver, "token", "the collector's token");
    Optional<String> index = receiver.optionalText("index", "the index; the token's if not given");
    String sourceType =
        receiver.text("sourcetype", "sigwarden:alert:v1", "the events' source type");
    PayloadFormat format =
        receiver.choice("format", PayloadFormat.class, PayloadFormat.NATIVE, "what an event is");
    boolean ack =
        receiver.flag(
            "acknowledge",
            false,
            "an event counts as delivered once it is indexed; the token must have indexer"
                + " acknowledgement");
    SplunkEvent.Options options = new SplunkEvent.Options(index, sourceType, format);
    return (name, tools) ->
        new SplunkTalk(url, token, options, ack, http.timeout(), name, tools.instance());
  }
}
