package dev.sigwarden.watch;

import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.SubjectName.Kind;
import dev.sigwarden.lookalike.HostLabels;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What one name of a certificate may be taken for, in the forms that watches on names are compared
/// in. Generous: an authority that let a broken name through may have meant it, and some client may
/// cut it where this does. The whole name counts, and each piece of it between characters that no
/// host name has (NUL, `/`, spaces, controls, brackets), and a text outside ASCII both as UTF-8 and
/// as Latin-1.
///
/// Forms: hosts in lowercase, A-labels, without dots around them; in a certificate's name the
/// labels `*` and `?`, and labels with a `*` in them, stand for others, `?` also for a label that
/// cannot be read. Addresses as the hex of their 4 or 16 bytes. Mailboxes in lowercase with their
/// host in the form of hosts. URIs as they are, and with scheme and host in lowercase.
final class NameForms {
  /// A label that may be any.
  static final String ANY_LABEL = "?";

  /// UserPrincipalName, and the mailbox outside ASCII of RFC 8398: otherNames with a mailbox.
  private static final List<String> MAILBOX_TYPES =
      List.of("1.3.6.1.4.1.311.20.2.3:", "1.3.6.1.5.5.7.8.9:");

  /// RFC 4985: `_service.host`, an otherName.
  private static final String SRV_TYPE = "1.3.6.1.5.5.7.8.7:";

  private static final String MAILTO = "mailto:";

  private NameForms() {}

  /// The hosts that a name may be taken for.
  static Collection<String> hosts(SubjectName name) {
    return switch (name.kind()) {
      case DNS -> hosts(name.value());
      case COMMON_NAME -> name.value().indexOf('@') >= 0 ? List.of() : hosts(name.value());
      case OTHER -> name.value().startsWith(SRV_TYPE) ? service(name.value()) : List.of();
      case EMAIL, URI, IP, DIRECTORY, REGISTERED_ID, X400, EDI -> List.of();
    };
  }

  private static Collection<String> service(String value) {
    String host = value.substring(SRV_TYPE.length());
    int dot = host.startsWith("_") ? host.indexOf('.') : -1;
    return hosts(host.substring(dot + 1));
  }

  private static Collection<String> hosts(String value) {
    if (isPlain(value)) {
      return isDotted4(value) ? List.of() : List.of(value);
    }
    Set<String> forms = new LinkedHashSet<>();
    readings(value).forEach(text -> readHosts(text, forms));
    return forms;
  }

  /// Whether a text is a host name in the form that hosts are compared in, as nearly all are.
  private static boolean isPlain(String value) {
    int length = value.length();
    if (length == 0 || value.charAt(0) == '.' || value.charAt(length - 1) == '.') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '*'
              || c == ANY_LABEL.charAt(0)
              || (c == '.' && value.charAt(i - 1) != '.');
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  /// The text, and what it is if its bytes were meant as Latin-1.
  private static List<String> readings(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return bytes.length == value.length()
        ? List.of(value)
        : List.of(value, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static void readHosts(String text, Set<String> forms) {
    if (!address(text.strip()).isEmpty()) {
      return;
    }
    String rest = withoutScheme(text);
    host(rest, forms);
    int from = 0;
    for (int i = 0; i <= rest.length(); i++) {
      if (i == rest.length() || parts(rest.charAt(i))) {
        if (i > from && i - from < rest.length()) {
          host(rest.substring(from, i), forms);
        }
        from = i + 1;
      }
    }
  }

  private static String withoutScheme(String text) {
    int scheme = text.indexOf("://");
    return scheme < 0 ? text : text.substring(scheme + 3);
  }

  /// Whether no host name has the character, so that one may end at it.
  private static boolean parts(char c) {
    return c <= ' ' || c == 0x7f || "/\\:;,|'\"<>()[]{}=&#%\u00a0".indexOf(c) >= 0;
  }

  private static void host(String text, Set<String> forms) {
    boolean below = text.strip().startsWith(".");
    String host = host(text);
    if (host.isEmpty() || isDotted4(host)) {
      return;
    }
    forms.add(host);
    if (below) {
      // As name constraints are written: all that is below.
      forms.add("*." + host);
    }
    String formerly = host(text, true);
    if (!formerly.equals(host)) {
      forms.add(formerly);
    }
  }

  /// The host that a text writes, in the form that hosts are compared in; empty if it is dots.
  static String host(String text) {
    return host(text, false);
  }

  /// @param formerly whether labels are read as clients did before 2010
  private static String host(String text, boolean formerly) {
    // The four characters that UTS 46 takes for a dot.
    String dotted =
        text.strip().replace('\u3002', '.').replace('\uff0e', '.').replace('\uff61', '.');
    StringBuilder host = new StringBuilder(dotted.length());
    int from = 0;
    for (int i = 0; i <= dotted.length(); i++) {
      if (i == dotted.length() || dotted.charAt(i) == '.') {
        if (i > from) {
          host.append(host.isEmpty() ? "" : ".").append(label(dotted.substring(from, i), formerly));
        }
        from = i + 1;
      }
    }
    return host.toString();
  }

  private static String label(String text, boolean formerly) {
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7f) {
        return ANY_LABEL;
      }
      ascii &= c < 0x80;
    }
    if (ascii) {
      return text.toLowerCase(Locale.ROOT);
    }
    Set<String> forms = HostLabels.toAscii(text);
    if (forms.isEmpty()) {
      return ANY_LABEL;
    }
    List<String> both = List.copyOf(forms);
    return formerly ? both.getLast() : both.getFirst();
  }

  /// The addresses that a name may be taken for: written as bytes, or as text, where they belong
  /// and where authorities put them for clients that look nowhere else.
  static Collection<String> addresses(SubjectName name) {
    return switch (name.kind()) {
      case IP -> ofAddressBytes(name.value());
      case DNS, COMMON_NAME -> ofAddress(name.value());
      case EMAIL, URI, OTHER, DIRECTORY, REGISTERED_ID, X400, EDI -> List.of();
    };
  }

  /// An iPAddress of another length is shown as `#` and hex: a text, or an address and a mask.
  private static Collection<String> ofAddressBytes(String value) {
    if (!value.startsWith("#")) {
      return ofAddress(value);
    }
    byte[] bytes = HexFormat.of().parseHex(value, 1, value.length());
    Set<String> forms =
        new LinkedHashSet<>(ofAddress(new String(bytes, StandardCharsets.ISO_8859_1)));
    if (bytes.length == 8 || bytes.length == 32) {
      forms.add(HexFormat.of().formatHex(bytes, 0, bytes.length / 2));
    }
    return forms;
  }

  private static Collection<String> ofAddress(String text) {
    int nul = text.indexOf('\0');
    String form = address((nul < 0 ? text : text.substring(0, nul)).strip());
    return form.isEmpty() ? List.of() : List.of(form);
  }

  /// The address that a text writes as the hex of its bytes, an IPv4 address in IPv6 as IPv4; empty
  /// if it writes none.
  static String address(String text) {
    boolean six = text.indexOf(':') >= 0;
    if (!six && !isDotted4(text)) {
      return "";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
        return "";
      }
    }
    try {
      return HexFormat.of().formatHex(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  /// Whether a text is four decimal numbers below 256.
  private static boolean isDotted4(String text) {
    if (text.isEmpty() || text.length() > 15 || !isDigit(text.charAt(0))) {
      return false;
    }
    String[] numbers = text.split("\\.", -1);
    if (numbers.length != 4) {
      return false;
    }
    for (String number : numbers) {
      boolean digits = !number.isEmpty() && number.chars().allMatch(c -> isDigit((char) c));
      if (!digits || number.length() > 3 || Integer.parseInt(number) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// The mailboxes that a name may be taken for.
  static Collection<String> mailboxes(SubjectName name) {
    return switch (name.kind()) {
      case EMAIL, COMMON_NAME -> mailboxes(name.value());
      case OTHER ->
          MAILBOX_TYPES.stream()
              .filter(name.value()::startsWith)
              .findFirst()
              .map(type -> mailboxes(name.value().substring(type.length())))
              .orElse(List.of());
      case URI ->
          name.value().regionMatches(true, 0, MAILTO, 0, MAILTO.length())
              ? mailboxes(name.value().substring(MAILTO.length()))
              : List.of();
      case DNS, IP, DIRECTORY, REGISTERED_ID, X400, EDI -> List.of();
    };
  }

  private static Collection<String> mailboxes(String value) {
    if (value.indexOf('@') < 0) {
      return List.of();
    }
    Set<String> forms = new LinkedHashSet<>();
    for (String text : readings(value)) {
      mailbox(text, forms);
      int from = 0;
      for (int i = 0; i <= text.length(); i++) {
        if (i == text.length() || parts(text.charAt(i))) {
          mailbox(text.substring(from, i), forms);
          from = i + 1;
        }
      }
    }
    return forms;
  }

  private static void mailbox(String text, Set<String> forms) {
    String form = mailbox(text);
    if (!form.isEmpty()) {
      forms.add(form);
    }
  }

  /// The mailbox that a text writes; empty if it has no `@` between two parts.
  static String mailbox(String text) {
    int at = text.lastIndexOf('@');
    String host = at < 0 ? "" : host(text.substring(at + 1));
    return at < 1 || host.isEmpty()
        ? ""
        : text.substring(0, at).strip().toLowerCase(Locale.ROOT) + "@" + host;
  }

  /// The host of a mailbox in this form.
  static String hostOf(String mailbox) {
    return mailbox.substring(mailbox.lastIndexOf('@') + 1);
  }

  /// The URIs that a name may be taken for.
  static Collection<String> uris(SubjectName name) {
    if (name.kind() != Kind.URI) {
      return List.of();
    }
    String uri = name.value();
    Set<String> forms = new LinkedHashSet<>();
    forms.add(uri);
    forms.add(uri(uri));
    int nul = uri.indexOf('\0');
    if (nul > 0) {
      forms.add(uri.substring(0, nul));
      forms.add(uri(uri.substring(0, nul)));
    }
    return forms;
  }

  /// A URI with its scheme and authority in lowercase.
  static String uri(String uri) {
    int authority = uri.indexOf("://");
    if (authority < 0) {
      return uri;
    }
    int end = authority + 3;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return uri.substring(0, end).toLowerCase(Locale.ROOT) + uri.substring(end);
  }
}
