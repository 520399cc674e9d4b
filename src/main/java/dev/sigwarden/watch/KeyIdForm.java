package dev.sigwarden.watch;

import dev.sigwarden.entry.KeyId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How operators write the id of a key, and the one form that entries are compared in.
enum KeyIdForm {
  /// As `gpg --fingerprint` prints it, with spaces, or with `0x`. Its last digits alone are
  /// refused: anyone can make a key that shares them.
  PGP(
      KeyId.Scheme.PGP,
      "the fingerprint of an OpenPGP key or subkey",
      "40 or 64 hex digits; an OpenPGP key id is too short to tell keys apart",
      Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}")) {
    @Override
    String normal(String written) {
      String hex = SPACE.matcher(written).replaceAll("").toLowerCase(Locale.ROOT);
      return hex.startsWith("0x") ? hex.substring(2) : hex;
    }
  },
  /// As `ssh-keygen -l` prints it.
  SSH(
      KeyId.Scheme.SSH,
      "the fingerprint of an SSH key",
      "SHA256: and 43 characters of base64",
      Pattern.compile("SHA256:[A-Za-z0-9+/]{43}")) {
    @Override
    String normal(String written) {
      return written.endsWith("=") ? written.substring(0, written.length() - 1) : written;
    }
  },
  /// As minisign prints it, which leaves out leading zeros.
  MINISIGN(
      KeyId.Scheme.MINISIGN,
      "the key id of a minisign or signify key",
      "up to 16 hex digits",
      Pattern.compile("[0-9A-F]{16}")) {
    @Override
    String normal(String written) {
      return "0".repeat(Math.max(0, 16 - written.length())) + written.toUpperCase(Locale.ROOT);
    }
  },
  /// As TUF metadata names it, in practice 64 hex digits.
  TUF(
      KeyId.Scheme.TUF,
      "the key id under which TUF metadata names a key",
      "1 to 256 characters without space",
      Pattern.compile("[!-~]{1,256}")) {
    @Override
    String normal(String written) {
      return written;
    }
  };

  private static final Pattern SPACE = Pattern.compile("[ \u00a0]+");

  private final KeyId.Scheme scheme;
  private final String meaning;
  private final String expected;
  private final Pattern form;

  KeyIdForm(KeyId.Scheme scheme, String meaning, String expected, Pattern form) {
    this.scheme = scheme;
    this.meaning = meaning;
    this.expected = expected;
    this.form = form;
  }

  abstract String normal(String written);

  static List<KeyIdForm> all() {
    return Arrays.asList(values());
  }

  /// The key of a selector.
  String key() {
    return scheme.label();
  }

  /// What the key stands for, and its form.
  String meaning() {
    return meaning + ": " + expected;
  }

  /// What a value has to look like.
  String expected() {
    return expected;
  }

  /// The id in the form that entries have it in; empty if it is none.
  Optional<String> read(String written) {
    return Optional.of(normal(written)).filter(id -> form.matcher(id).matches());
  }
}
