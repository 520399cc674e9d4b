package dev.sigwarden.notify.webhook;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Secret;
import dev.sigwarden.settings.Section;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// `channel: webhook`: posts alerts, signed as Standard Webhooks 1.0.0 says.
@AutoService(Channel.class)
public final class WebhookChannel implements Channel {
  /// What the body of a post is.
  public enum Body {
    /// `{"type": …, "timestamp": …, "data": alert}`, as Standard Webhooks suggests.
    JSON,
    /// A CloudEvent as one JSON object.
    CLOUDEVENTS,
    /// A CloudEvent with its attributes in `ce-` headers and the alert as body.
    CLOUDEVENTS_BINARY
  }

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(2);

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7E]{0,1024}");

  /// Headers that are ours, HTTP's, or secret.
  private static final Pattern RESERVED =
      Pattern.compile(
          "(webhook|ce)-.*|content-.*|host|connection|expect|upgrade|te|trailer|transfer-encoding"
              + "|authorization|proxy-.*|cookie");

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    URI url = receiver.url("url", List.of("https", "http"), "where to post");
    boolean insecure =
        receiver.flag("allow-insecure", false, "allow http, which anybody on the way can read");
    if (url.getScheme().equals("http") && !insecure) {
      receiver.problem("url", "http", "https (or allow-insecure: true)");
    }
    boolean allowPrivate =
        receiver.flag("allow-private", false, "allow loopback and private network addresses");
    Body body = receiver.choice("body", Body.class, Body.JSON, "what the body of a post is");
    Optional<Secret> secret =
        receiver.secret("secret", "the key that posts are signed with: " + WebhookSecret.EXPECTED);
    if (secret.isEmpty()) {
      receiver.problem("secret", "nothing", "secret-file or ${ENV}: " + WebhookSecret.EXPECTED);
    }
    Optional<Secret> previous =
        receiver.secret("previous-secret", "a second key while receivers change to the new one");
    Optional<Secret> token = receiver.secret("token", "sent as Authorization: Bearer");
    check(receiver, "secret", secret, WebhookSecret::isKey, WebhookSecret.EXPECTED);
    check(receiver, "previous-secret", previous, WebhookSecret::isKey, WebhookSecret.EXPECTED);
    check(receiver, "token", token, WebhookNotifier::isToken, "printable ASCII without spaces");
    Map<String, String> headers = receiver.textMap("headers", "more headers to send, not secret");
    headers.forEach((name, value) -> checkHeader(receiver, name, value));
    Duration timeout =
        receiver.duration(
            "timeout", DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT, "for one post and its answer");
    Optional<TrustedCas> cas = TrustedCas.read(receiver);
    WebhookOptions options =
        new WebhookOptions(url, allowPrivate, body, secret, previous, token, headers, timeout, cas);
    return (_, tools) -> new WebhookNotifier(options, tools);
  }

  /// Notes a secret that has another form than its use asks for; one that cannot be read was noted
  /// when it was asked for.
  private static void check(
      Section receiver,
      String key,
      Optional<Secret> secret,
      Predicate<String> form,
      String expected) {
    if (secret.isEmpty()) {
      return;
    }
    String text;
    try {
      text = secret.get().read();
    } catch (IOException _) {
      return;
    }
    if (!form.test(text)) {
      receiver.problem(key, "another text, which is not shown", expected);
    }
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
