package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.IssuerKey;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.SubjectName.Kind;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.PublicKeys;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A line of an allowlist that covers certificates not issued yet. Neither a name nor a serial
/// number of an authority counts for anything: whoever made the certificate chose them.
///
/// ```
/// spki:HEX dns:example.com dns:*.example.com ip:192.0.2.1 email:one@example.com
/// ca:BASE64
/// ```
sealed interface CertificateRule {
  String SPKI = "spki:";
  String CA = "ca:";

  /// Names of one line; real certificates have up to 2,000, of which a line holds fewer.
  int MAX_NAMES = 200;

  Pattern SHA256_HEX = Pattern.compile("[0-9a-fA-F]{64}");

  /// Certificates with this key, for these names and no others.
  ///
  /// @param spkiSha256 SHA-256 of the key's SubjectPublicKeyInfo
  /// @param names each with its kind, `dns:example.com`; a host that begins with a dot stands for
  ///   itself and all below
  record Key(Digest spkiSha256, List<String> names) implements CertificateRule {
    public Key {
      names = List.copyOf(names);
    }

    /// Whether the certificate has this key, and no name that is not in the list, nor a part where
    /// one could be.
    boolean covers(IssuedCertificate certificate) {
      if (!certificate.keySha256().equals(spkiSha256) || certificate.unread().isPresent()) {
        return false;
      }
      Optional<Set<String>> wanted = namesOf(certificate.allNames());
      return wanted.isPresent() && wanted.get().stream().allMatch(this::has);
    }

    private boolean has(String name) {
      if (names.contains(name)) {
        return true;
      }
      if (!name.startsWith("dns:")) {
        return false;
      }
      String host = name.substring("dns:".length());
      return names.stream()
          .filter(one -> one.startsWith("dns:."))
          .map(one -> one.substring("dns:.".length()))
          .anyMatch(above -> host.equals(above) || host.endsWith("." + above));
    }
  }

  /// Certificates that this authority issued.
  record Authority(IssuerKey key) implements CertificateRule {}

  /// Whether a line without space before it is such a rule.
  static boolean isOne(String line) {
    return line.startsWith(SPKI) || line.startsWith(CA);
  }

  /// Reads a line; what follows ` #` is for people.
  ///
  /// @throws MalformedKeyException if it is no rule, with what was found and expected, printable
  static CertificateRule parse(String line) throws MalformedKeyException {
    List<String> words = new ArrayList<>();
    for (String word : line.strip().split("[ \\t]+", -1)) {
      if (word.startsWith("#")) {
        break;
      }
      words.add(word);
    }
    return words.getFirst().startsWith(CA) ? authority(words) : key(words);
  }

  private static Authority authority(List<String> words) throws MalformedKeyException {
    if (words.size() > 1) {
      throw new MalformedKeyException("ca: more than one word (expected: # before a comment)");
    }
    try {
      byte[] spki = Base64.getDecoder().decode(words.getFirst().substring(CA.length()));
      PublicKeys.read(spki, null);
      return new Authority(new IssuerKey(spki));
    } catch (IllegalArgumentException | MalformedSignerException e) {
      throw new MalformedKeyException(
          "ca: not the base64 of a public key (expected: its SubjectPublicKeyInfo)", e);
    }
  }

  private static Key key(List<String> words) throws MalformedKeyException {
    String hex = words.getFirst().substring(SPKI.length());
    if (!SHA256_HEX.matcher(hex).matches()) {
      throw new MalformedKeyException(
          "spki: %d characters (expected: 64 hex digits)".formatted(hex.length()));
    }
    if (words.size() < 2 || words.size() > MAX_NAMES + 1) {
      throw new MalformedKeyException(
          "spki: %d names (expected: 1 to %d such as dns:example.com)"
              .formatted(words.size() - 1, MAX_NAMES));
    }
    List<String> names = new ArrayList<>();
    for (int i = 1; i < words.size(); i++) {
      Optional<String> name = name(words.get(i));
      if (name.isEmpty()) {
        throw new MalformedKeyException(
            "spki: name %d (expected: dns:, ip:, email: or uri: and a name)".formatted(i));
      }
      names.add(name.get());
    }
    byte[] digest = HexFormat.of().parseHex(hex.toLowerCase(Locale.ROOT));
    return new Key(Digest.of(Digest.Algorithm.SHA256, digest), names);
  }

  /// A name as written, in the form that certificates are compared in; empty if it is none.
  private static Optional<String> name(String word) {
    int colon = word.indexOf(':');
    String value = word.substring(colon + 1);
    String form =
        switch (colon < 0 ? "" : word.substring(0, colon)) {
          case "dns" ->
              NameForms.host(value).isEmpty()
                  ? ""
                  : (value.startsWith(".") ? "." : "") + NameForms.host(value);
          case "ip" -> NameForms.address(value);
          case "email" -> NameForms.mailbox(value);
          case "uri" -> NameForms.uri(value);
          default -> "";
        };
    return form.isEmpty() ? Optional.empty() : Optional.of(word.substring(0, colon + 1) + form);
  }

  /// Every name, with its kind, that a certificate may be taken for; empty if one of its names is
  /// of a kind that no line can hold.
  static Optional<Set<String>> namesOf(List<SubjectName> names) {
    Set<String> all = new LinkedHashSet<>();
    for (SubjectName name : names) {
      List<String> forms = forms(name);
      boolean namesNobody = name.kind() == Kind.COMMON_NAME || name.kind() == Kind.DIRECTORY;
      if (forms.isEmpty() && !namesNobody) {
        return Optional.empty();
      }
      all.addAll(forms);
    }
    return Optional.of(all);
  }

  private static List<String> forms(SubjectName name) {
    List<String> forms = new ArrayList<>();
    for (String host : NameForms.hosts(name)) {
      // A common name without a dot is what people or companies are called.
      if (name.kind() != Kind.COMMON_NAME || host.indexOf('.') >= 0) {
        forms.add("dns:" + host);
      }
    }
    NameForms.addresses(name).forEach(address -> forms.add("ip:" + address));
    NameForms.mailboxes(name).forEach(mailbox -> forms.add("email:" + mailbox));
    NameForms.uris(name).forEach(uri -> forms.add("uri:" + NameForms.uri(uri)));
    return forms;
  }

  /// The rule as a line of an allowlist.
  default String line() {
    return switch (this) {
      case Key(Digest spki, List<String> names) ->
          SPKI
              + spki.toHex()
              + names.stream()
                  .map(CertificateRule::shown)
                  .collect(Collectors.joining(" ", " ", ""));
      case Authority(IssuerKey key) -> CA + Base64.getEncoder().encodeToString(key.toSpki());
    };
  }

  private static String shown(String name) {
    if (!name.startsWith("ip:")) {
      return name;
    }
    try {
      byte[] address = HexFormat.of().parseHex(name, "ip:".length(), name.length());
      return "ip:" + InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of another length: " + name, e);
    }
  }
}
