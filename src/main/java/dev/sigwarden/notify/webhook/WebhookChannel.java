package dev.sigwarden.notify.webhook;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpChannel;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.PayloadFormat;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// `channel: webhook`: posts alerts, signed as Standard Webhooks 1.0.0 says.
@AutoService(Channel.class)
public final class WebhookChannel extends HttpChannel {
  /// What the body of a post is.
  public enum Body {
    /// `{"type": …, "timestamp": …, "data": alert}`, as Standard Webhooks suggests.
    JSON,
    /// A CloudEvent as one JSON object.
    CLOUDEVENTS,
    /// A CloudEvent with its attributes in `ce-` headers and the alert as body.
    CLOUDEVENTS_BINARY
  }

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7E]{0,1024}");

  /// Headers that are ours, HTTP's, or secret.
  private static final Pattern RESERVED =
      Pattern.compile(
          "(webhook|ce)-.*|content-.*|host|connection|expect|upgrade|te|trailer|transfer-encoding"
              + "|authorization|proxy-.*|cookie");

  public WebhookChannel() {
    super("webhook", false);
  }

  @Override
  protected Speech read(Section receiver, HttpOptions http) {
    URI url = http.url(receiver, "url", "where to post");
    Body body = receiver.choice("body", Body.class, Body.JSON, "what the body of a post is");
    PayloadFormat format =
        receiver.choice(
            "format", PayloadFormat.class, PayloadFormat.NATIVE, "what the alert in the body is");
    List<Credential> keys = new ArrayList<>();
    key(receiver, "secret", "the key that posts are signed with").ifPresent(keys::add);
    key(receiver, "previous-secret", "a second key while receivers change to the new one")
        .ifPresent(keys::add);
    if (keys.isEmpty()) {
      receiver.problem("secret", "nothing", "secret-file or ${ENV}: " + WebhookKey.EXPECTED);
    }
    Optional<Credential> token = Credential.bearer(receiver);
    Map<String, String> headers = receiver.textMap("headers", "more headers to send, not secret");
    headers.forEach((name, value) -> checkHeader(receiver, name, value));
    WebhookOptions options = new WebhookOptions(url, body, format, keys, token, headers);
    return (_, tools) -> new WebhookPost(options, tools.clock(), tools.instance());
  }

  private static Optional<Credential> key(Section receiver, String key, String meaning) {
    return Credential.optional(
        receiver,
        key,
        meaning + ": " + WebhookKey.EXPECTED,
        WebhookKey::isKey,
        WebhookKey.EXPECTED);
  }

  private static void checkHeader(Section receiver, String name, String value) {
    if (!HEADER_NAME.matcher(name).matches()) {
      receiver.problem("headers", "another character in a name", "letters, digits and hyphens");
    } else if (RESERVED.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
      receiver.problem(
          "headers", name, "a header that is not Sigwarden's, HTTP's or secret (token-file)");
    } else if (!HEADER_VALUE.matcher(value).matches()) {
      receiver.problem("headers." + name, "another character", "at most 1024 printable ASCII ones");
    }
  }
}
