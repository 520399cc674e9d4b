package dev.sigwarden.watch;

import dev.sigwarden.watch.Criterion.Trait;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How operators write the names of certificates, and the one form that certificates are compared
/// in.
enum NameKey {
  DNS(
      Trait.DNS,
      "a host in a certificate's alternative names or common name: example.com, or .example.com"
          + " with all below it; wildcards of the certificate count",
      "a host name such as example.com, or .example.com with all below it; no wildcard") {
    @Override
    Optional<ValuePattern> pattern(String written) {
      return host(written);
    }
  },
  IP(Trait.IP, "an IP address in a certificate", "an IPv4 or IPv6 address such as 192.0.2.1") {
    @Override
    Optional<ValuePattern> pattern(String written) {
      return Optional.of(NameForms.address(written))
          .filter(form -> !form.isEmpty())
          .map(ValuePattern.Exact::new);
    }
  },
  EMAIL(
      Trait.EMAIL,
      "a mailbox in a certificate: one@example.com, @example.com for all of a host, @.example.com"
          + " also below it",
      "one@example.com, @example.com or @.example.com; no wildcard") {
    @Override
    Optional<ValuePattern> pattern(String written) {
      if (written.startsWith("@")) {
        return host(written.substring(1));
      }
      String form = NameForms.mailbox(written);
      return host(NameForms.hostOf(form)).isPresent() && written.chars().noneMatch(c -> c <= ' ')
          ? Optional.of(new ValuePattern.Exact(form))
          : Optional.empty();
    }
  },
  URI(
      Trait.URI,
      "a URI in a certificate's alternative names: a value, a glob with *, or re: and an RE2"
          + " expression",
      "a URI, a glob with *, or re: and an RE2 expression") {
    @Override
    Optional<ValuePattern> pattern(String written) {
      try {
        return Optional.of(
            ValuePattern.of(written.startsWith("re:") ? written : NameForms.uri(written)));
      } catch (MalformedPatternException _) {
        return Optional.empty();
      }
    }
  };

  /// Characters of a host name, and of a label in it. RFC 1035 section 2.3.4.
  private static final int MAX_HOST = 253;

  private static final int MAX_LABEL = 63;

  private final Trait trait;
  private final String meaning;
  private final String expected;

  NameKey(Trait trait, String meaning, String expected) {
    this.trait = trait;
    this.meaning = meaning;
    this.expected = expected;
  }

  static List<NameKey> all() {
    return Arrays.asList(values());
  }

  /// The key in the configuration.
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  Trait trait() {
    return trait;
  }

  String meaning() {
    return meaning;
  }

  String expected() {
    return expected;
  }

  /// The pattern that a value of the key is; empty if it is none.
  abstract Optional<ValuePattern> pattern(String written);

  private static Optional<ValuePattern> host(String written) {
    HostPattern pattern = HostPattern.of(written);
    String bare = written.startsWith(".") ? written.substring(1) : written;
    boolean one = !bare.startsWith(".") && !bare.contains("..") && isHost(pattern.host());
    return one ? Optional.of(pattern) : Optional.empty();
  }

  /// Whether a host is of letters, digits, hyphens and underscores, within the lengths of DNS.
  private static boolean isHost(String host) {
    if (host.isEmpty() || host.length() > MAX_HOST || !NameForms.address(host).isEmpty()) {
      return false;
    }
    for (String label : host.split("\\.", -1)) {
      boolean plain = label.chars().allMatch(c -> isLetterOrDigit(c) || c == '-' || c == '_');
      if (!plain || label.isEmpty() || label.length() > MAX_LABEL) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }
}
