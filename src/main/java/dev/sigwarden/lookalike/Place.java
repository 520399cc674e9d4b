package dev.sigwarden.lookalike;

import java.util.Locale;
import java.util.Set;

/// The parts of a subject that tell who is behind it, as offsets into its text.
///
/// | form | host | first | second | what follows |
/// | --- | --- | --- | --- | --- |
/// | `https://github.com/acme/app/.github/…` | `github.com` | `acme` | `app` | `/.github/…` |
/// | `release@acme.example`, `release!acme.example` | | `acme.example` | `release` | |
/// | anything else | | the whole | | |
///
/// @param text the subject
/// @param form which row of the table
/// @param hostFrom where the host begins; it ends at `hostTo`, and so on. An absent part is empty
public record Place(
    String text,
    Form form,
    int hostFrom,
    int hostTo,
    int firstFrom,
    int firstTo,
    int secondFrom,
    int secondTo) {
  /// How a subject is written.
  public enum Form {
    URI,
    ADDRESS,
    OTHER
  }

  /// Forges that take names of owners and repositories in other case for the same.
  private static final Set<String> CASELESS_HOSTS =
      Set.of("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitea.com", "git.sr.ht");

  /// Where the workflow stands in a forge's subject, whatever the host: the forges' own software on
  /// other hosts ignores case as well.
  private static final Set<String> CASELESS_PATHS =
      Set.of("/.github/workflows/", "/.gitlab-ci.yml", "/.gitea/workflows/");

  /// The parts of a subject.
  public static Place of(String subject) {
    int scheme = subject.indexOf("://");
    if (scheme > 0) {
      int host = scheme + 3;
      int slash = subject.indexOf('/', host);
      int hostTo = slash < 0 ? subject.length() : slash;
      int first = Math.min(hostTo + 1, subject.length());
      int firstTo = endOfName(subject, first);
      boolean more = firstTo < subject.length() && subject.charAt(firstTo) == '/';
      int second = more ? firstTo + 1 : firstTo;
      int secondTo = more ? endOfName(subject, second) : firstTo;
      return new Place(subject, Form.URI, host, hostTo, first, firstTo, second, secondTo);
    }
    int sign = Math.max(subject.lastIndexOf('@'), subject.lastIndexOf('!'));
    if (sign > 0) {
      return new Place(subject, Form.ADDRESS, 0, 0, sign + 1, subject.length(), 0, sign);
    }
    return new Place(subject, Form.OTHER, 0, 0, 0, subject.length(), 0, 0);
  }

  /// The parts of the end of an address, from its sign or before it on: what may stand before the
  /// sign is left out.
  public static Place ofEnd(String address) {
    int sign = Math.max(address.lastIndexOf('@'), address.lastIndexOf('!'));
    return new Place(address, Form.ADDRESS, 0, 0, sign + 1, address.length(), 0, Math.max(sign, 0));
  }

  private static int endOfName(String text, int from) {
    int slash = text.indexOf('/', from);
    int end = slash < 0 ? text.length() : slash;
    int sign = text.indexOf('@', from, end);
    return sign < 0 ? end : sign;
  }

  /// The host of a URI as written, user and port included.
  public String host() {
    return text.substring(hostFrom, hostTo);
  }

  /// The owner in a forge's URI; the domain of an address.
  public String first() {
    return text.substring(firstFrom, firstTo);
  }

  /// The repository in a forge's URI; what stands before the sign in an address.
  public String second() {
    return text.substring(secondFrom, secondTo);
  }

  /// Where the parts end: what follows says which workflow and ref, not whose.
  public int end() {
    return form == Form.URI ? secondTo : text.length();
  }

  /// Whether who runs the place takes names in other case for the same.
  public boolean ignoresCase() {
    return form != Form.URI
        || CASELESS_HOSTS.contains(host().toLowerCase(Locale.ROOT))
        || CASELESS_PATHS.stream().anyMatch(path -> text.indexOf(path, hostTo) >= 0);
  }

  /// The subject with other parts in the same places.
  public String with(String host, String first, String second) {
    return switch (form) {
      case URI ->
          text.substring(0, hostFrom)
              + host
              + text.substring(hostTo, firstFrom)
              + first
              + text.substring(firstTo, secondFrom)
              + second
              + text.substring(secondTo);
      case ADDRESS -> second + text.charAt(secondTo) + first;
      case OTHER -> first;
    };
  }
}
