package dev.sigwarden.notify.email;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// A mail address that cannot be anything else: `local@domain` in printable ASCII without quoting,
/// comments, display names or line breaks of any disguise. Stricter than RFC 5321 section 4.1.2 on
/// purpose; a domain in another script is written in its `xn--` form.
///
/// @param local the part before the `@`, 1 to 64 characters
/// @param domain a host name, 1 to 253 characters
record MailAddress(String local, String domain) {
  static final String EXPECTED = "name@domain in plain ASCII";

  private static final Pattern LOCAL =
      Pattern.compile(
          "(?=.{1,64}$)(?!-)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

  /// Characters of a text that is looked at: a local part, `@`, a domain.
  private static final int MAX_LENGTH = 320;

  /// The address; empty if the text is none.
  static Optional<MailAddress> parse(String text) {
    int at = text.indexOf('@');
    if (at < 0 || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String local = text.substring(0, at);
    String domain = text.substring(at + 1);
    return LOCAL.matcher(local).matches() && DOMAIN.matcher(domain).matches()
        ? Optional.of(new MailAddress(local, domain))
        : Optional.empty();
  }

  /// The same for the mail library.
  InternetAddress toInternetAddress() {
    try {
      return new InternetAddress(toString(), true);
    } catch (AddressException e) {
      throw new IllegalStateException(this + ": refused by the mail library", e);
    }
  }

  @Override
  public String toString() {
    return local + "@" + domain;
  }
}
