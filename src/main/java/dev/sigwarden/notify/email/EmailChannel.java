package dev.sigwarden.notify.email;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Secret;
import dev.sigwarden.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// `channel: email`: sends alerts as mail.
@AutoService(Channel.class)
public final class EmailChannel implements Channel {
  /// How the connection to a mail server is protected.
  public enum Security {
    /// TLS from the STARTTLS command on, and no mail without it. RFC 3207.
    STARTTLS,
    /// TLS from the first byte, usually port 465. RFC 8314.
    TLS,
    /// None; needs `allow-insecure: true`.
    PLAIN
  }

  /// How Sigwarden may authenticate itself.
  public enum Auth {
    PLAIN,
    LOGIN,
    /// The password is an OAuth 2 access token.
    XOAUTH2
  }

  /// Recipients of one mail; a mailing list serves more.
  private static final int MAX_RECIPIENTS = 50;

  private static final int DEFAULT_PORT = 587;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(2);
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");

  @Override
  public String name() {
    return "email";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    List<MailAddress> to = recipients(receiver);
    MailAddress from =
        address(receiver, "from", receiver.text("from", "the sender, an address that you may use"));
    Optional<MailAddress> bounces =
        receiver
            .optionalText("bounces", "the address that bounces go to; from, if not given")
            .map(text -> address(receiver, "bounces", text));
    Optional<Path> pickup =
        receiver.optionalPath("pickup", "a folder to write mails to, in place of a mail server");
    Optional<EmailOptions.Smtp> smtp =
        receiver.section("smtp", "the mail server", section -> smtp(section, from.domain()));
    Optional<SigningKey> smime =
        receiver.section(
            "smime",
            "what signs each mail: S/MIME, RFC 8551",
            section -> SigningKey.read(section, from));
    if (smtp.isPresent() == pickup.isPresent()) {
      receiver.problem(
          "smtp", smtp.isPresent() ? "both smtp and pickup" : "nothing", "one of smtp and pickup");
    }
    EmailOptions options = new EmailOptions(to, from, bounces, smtp, pickup, smime);
    return (_, tools) -> {
      AlertMail mail = new AlertMail(options, tools.text(), tools.clock());
      return pickup.isPresent()
          ? new PickupNotifier(pickup.get(), mail)
          : new SmtpNotifier(options, mail, tools.clock());
    };
  }

  private static List<MailAddress> recipients(Section receiver) {
    List<String> texts = receiver.texts("to", "recipients of the alerts");
    if (texts.isEmpty() || texts.size() > MAX_RECIPIENTS) {
      receiver.problem(
          "to", texts.size() + " addresses", "1 to %d addresses".formatted(MAX_RECIPIENTS));
    }
    Set<MailAddress> to = new LinkedHashSet<>();
    for (String text : texts) {
      to.add(address(receiver, "to", text));
    }
    return new ArrayList<>(to);
  }

  private static MailAddress address(Section receiver, String key, String text) {
    return MailAddress.parse(text)
        .orElseGet(() -> {
          receiver.problem(key, PeerWords.clean(text), MailAddress.EXPECTED);
          return new MailAddress("nobody", "invalid");
        });
  }

  private static AccessToken.Options oauth2(Section section) {
    HttpOptions http = HttpOptions.read(section);
    return new AccessToken.Options(
        http.url(section, "token-url", "the token endpoint"),
        section.text("client-id", "whom the token is for"),
        Credential.token(section, "client-secret", "the client's secret"),
        section.text("scope", "", "what the token is for"),
        http);
  }

  private static EmailOptions.Smtp smtp(Section section, String fromDomain) {
    String host = section.text("host", "the mail server's name");
    if (!HOST.matcher(host).matches()) {
      section.problem("host", PeerWords.clean(host), "a host name or an address");
    }
    int port = (int) section.number("port", DEFAULT_PORT, 1, 65535, "the mail server's port");
    Security security =
        section.choice(
            "security", Security.class, Security.STARTTLS, "how the connection is protected");
    boolean insecure =
        section.flag("allow-insecure", false, "allow plain, which anybody on the way can read");
    if (security == Security.PLAIN && !insecure) {
      section.problem("security", "plain", "starttls or tls (or allow-insecure: true)");
    }
    Optional<String> user = section.optionalText("user", "the account at the mail server");
    Optional<Secret> password =
        section.secret("password", "the account's password, or its access token for xoauth2");
    Optional<AccessToken.Options> oauth2 =
        section.section(
            "oauth2",
            "where access tokens come from, in place of a password",
            EmailChannel::oauth2);
    if (oauth2.isPresent() && password.isPresent()) {
      section.problem("oauth2", "both oauth2 and password", "one of them");
    } else if (user.isPresent() != (password.isPresent() || oauth2.isPresent())) {
      section.problem(
          user.isPresent() ? "password" : "user",
          "nothing",
          "user and password (or oauth2) together, or neither");
    }
    List<Auth> mechanisms =
        section.choices("auth", Auth.class, "how to authenticate; plain and login if not given");
    String helo = section.text("helo", fromDomain, "the name that Sigwarden gives of itself");
    if (!HOST.matcher(helo).matches()) {
      section.problem("helo", PeerWords.clean(helo), "a host name");
    }
    Duration timeout =
        section.duration(
            "timeout",
            DEFAULT_TIMEOUT,
            MIN_TIMEOUT,
            MAX_TIMEOUT,
            "for connecting and for each answer; four times that for a whole mail");
    return new EmailOptions.Smtp(
        host,
        port,
        user,
        password,
        oauth2,
        security,
        oauth2.isPresent()
            ? List.of(Auth.XOAUTH2)
            : mechanisms.isEmpty() ? List.of(Auth.PLAIN, Auth.LOGIN) : mechanisms,
        helo,
        timeout,
        timeout.multipliedBy(4),
        TrustedCas.read(section));
  }
}
