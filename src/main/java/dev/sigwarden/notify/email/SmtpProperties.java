package dev.sigwarden.notify.email;

import java.util.Properties;
import java.util.stream.Collectors;

/// The mail library's settings for one connection. Its own defaults wait for ever, do without TLS
/// where a server offers none, and fall back to other sockets: each is turned off here.
final class SmtpProperties {
  private SmtpProperties() {}

  /// The settings.
  static Properties of(EmailOptions options, EmailOptions.Smtp smtp, SmtpSockets sockets) {
    Properties properties = new Properties();
    String millis = Long.toString(smtp.timeout().toMillis());
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.writetimeout", millis);
    properties.setProperty("mail.smtp.localhost", smtp.helo());
    properties.setProperty("mail.smtp.from", options.bounces().orElse(options.from()).toString());
    properties.setProperty("mail.smtp.sendpartial", "true");
    properties.setProperty("mail.smtp.quitwait", "false");
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
    properties.setProperty("mail.smtp.socketFactory.fallback", "false");
    properties.setProperty("mail.smtp.ssl.socketFactory.fallback", "false");
    properties.put("mail.smtp.socketFactory", sockets.plain());
    properties.put("mail.smtp.ssl.socketFactory", sockets.secure());
    boolean starttls = smtp.security() == EmailChannel.Security.STARTTLS;
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(starttls));
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(starttls));
    properties.setProperty(
        "mail.smtp.ssl.enable", Boolean.toString(smtp.security() == EmailChannel.Security.TLS));
    properties.setProperty("mail.smtp.auth", Boolean.toString(smtp.user().isPresent()));
    properties.setProperty(
        "mail.smtp.auth.mechanisms",
        smtp.mechanisms().stream().map(Enum::name).collect(Collectors.joining(" ")));
    properties.setProperty("mail.smtp.auth.ntlm.disable", "true");
    // The name that a JDK without a resolvable host name would look up first.
    properties.setProperty("mail.host", smtp.helo());
    return properties;
  }
}
