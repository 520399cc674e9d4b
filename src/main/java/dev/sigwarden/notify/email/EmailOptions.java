package dev.sigwarden.notify.email;

import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An email receiver as configured. Exactly one of `smtp` and `pickup` is there.
///
/// @param to recipients, at least one
/// @param from the sender that people see
/// @param bounces the sender that bounces go to; empty for `from`
/// @param smtp the mail server
/// @param pickup a folder in which each mail is written as a file
/// @param smime what signs each mail; empty for no signature
record EmailOptions(
    List<MailAddress> to,
    MailAddress from,
    Optional<MailAddress> bounces,
    Optional<Smtp> smtp,
    Optional<Path> pickup,
    Optional<SigningKey> smime) {
  /// How a mail server is reached.
  ///
  /// @param host its name
  /// @param port its port, `[1, 65535]`
  /// @param user the account; empty for none
  /// @param password the account's password or access token
  /// @param oauth2 where access tokens come from; empty for a password
  /// @param security how the connection is protected
  /// @param mechanisms how Sigwarden may authenticate itself, the preferred first
  /// @param helo the name that Sigwarden gives of itself
  /// @param timeout for connecting, and for each answer
  /// @param deadline for handing over one mail
  /// @param cas the authorities to trust; empty for those of the JDK
  record Smtp(
      String host,
      int port,
      Optional<String> user,
      Optional<Secret> password,
      Optional<AccessToken.Options> oauth2,
      EmailChannel.Security security,
      List<EmailChannel.Auth> mechanisms,
      String helo,
      Duration timeout,
      Duration deadline,
      Optional<TrustedCas> cas) {
    Smtp {
      mechanisms = List.copyOf(mechanisms);
    }
  }

  EmailOptions {
    to = List.copyOf(to);
  }
}
