package dev.sigwarden.notify.syslog;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Section;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// `channel: syslog`: sends alerts to a syslog server.
@AutoService(Channel.class)
public final class SyslogChannel implements Channel {
  /// What the message part is.
  public enum Format {
    /// A headline and the reason; the rest is structured data.
    TEXT,
    /// The alert's JSON.
    JSON,
    /// A line of ArcSight's Common Event Format.
    CEF
  }

  /// How the connection is protected.
  public enum Security {
    TLS,
    /// Not at all; needs `allow-insecure: true`.
    PLAIN
  }

  private static final int DEFAULT_PORT = 6514;

  /// Log audit. RFC 5424 section 6.2.1.
  private static final int DEFAULT_FACILITY = 13;

  /// Reserved for documentation, RFC 5612: until Sigwarden has a number of its own.
  private static final int DEFAULT_ENTERPRISE = 32_473;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");

  @Override
  public String name() {
    return "syslog";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    String host = receiver.text("host", "the server");
    if (!HOST.matcher(host).matches()) {
      receiver.problem("host", PeerWords.clean(host), "a host name or an address");
    }
    int port = (int) receiver.number("port", DEFAULT_PORT, 1, 65_535, "the server's port");
    Security security =
        receiver.choice(
            "security", Security.class, Security.TLS, "how the connection is protected");
    boolean insecure =
        receiver.flag("allow-insecure", false, "allow plain, which anybody on the way can read");
    if (security == Security.PLAIN && !insecure) {
      receiver.problem("security", "plain", "tls (or allow-insecure: true)");
    }
    boolean allowPrivate =
        receiver.flag("allow-private", false, "allow loopback and private network addresses");
    Format format =
        receiver.choice("format", Format.class, Format.TEXT, "what the message part is");
    int facility =
        (int) receiver.number("facility", DEFAULT_FACILITY, 0, 23, "the facility's number");
    long enterprise =
        receiver.number(
            "enterprise-number",
            DEFAULT_ENTERPRISE,
            1,
            Integer.MAX_VALUE,
            "whose names the structured data has; the number for documentation if not given");
    Optional<String> hostname =
        receiver.optionalText("hostname", "the name that Sigwarden gives of its host");
    hostname
        .filter(text -> !HOST.matcher(text).matches())
        .ifPresent(text ->
            receiver.problem("hostname", PeerWords.clean(text), "a host name or an address"));
    Duration timeout =
        receiver.duration(
            "timeout", DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT, "for one message as a whole");
    SyslogOptions options =
        new SyslogOptions(
            host,
            port,
            security,
            allowPrivate,
            TrustedCas.read(receiver),
            timeout,
            new SyslogMessage.Style(format, facility, enterprise, hostname));
    return (_, tools) -> new SyslogNotifier(options, tools);
  }
}
