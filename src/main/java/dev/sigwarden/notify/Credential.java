package dev.sigwarden.notify;

import dev.sigwarden.settings.Secret;
import dev.sigwarden.settings.Section;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/// A secret of a receiver and the form that it must have. Read at each use, so that a rotated file
/// counts at once; never printed.
public final class Credential {
  /// What stands in a header, in words.
  private static final String TOKEN = "printable ASCII without spaces";

  private final String key;
  private final Secret secret;
  private final Predicate<String> form;
  private final String expected;

  private Credential(String key, Secret secret, Predicate<String> form, String expected) {
    this.key = key;
    this.secret = secret;
    this.form = form;
    this.expected = expected;
  }

  /// Reads an optional secret: `key-file`, or `key` as `${ENV}`. One of another form is a problem.
  ///
  /// @param expected the form in words
  public static Optional<Credential> optional(
      Section receiver, String key, String meaning, Predicate<String> form, String expected) {
    Optional<Credential> found =
        receiver.secret(key, meaning).map(secret -> new Credential(key, secret, form, expected));
    found.ifPresent(credential -> credential.check(receiver));
    return found;
  }

  /// Reads a required secret.
  public static Credential required(
      Section receiver, String key, String meaning, Predicate<String> form, String expected) {
    return optional(receiver, key, meaning, form, expected)
        .orElseGet(() -> {
          receiver.problem(key, "nothing", key + "-file or ${ENV}: " + expected);
          return new Credential(key, () -> "", form, expected);
        });
  }

  /// Reads a required secret that stands in a header.
  public static Credential token(Section receiver, String key, String meaning) {
    return required(receiver, key, meaning, Credential::isToken, TOKEN);
  }

  /// Reads the optional key `token`, which is sent as `Authorization: Bearer`.
  public static Optional<Credential> bearer(Section receiver) {
    return optional(receiver, "token", "sent as Authorization: Bearer", Credential::isToken, TOKEN);
  }

  /// Whether the text can stand in an HTTP header.
  public static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /// Notes a text of another form; one that cannot be read was noted when it was asked for.
  private void check(Section receiver) {
    try {
      if (!form.test(secret.read())) {
        receiver.problem(key, "another text, which is not shown", expected);
      }
    } catch (IOException _) {
      return;
    }
  }

  /// The secret now.
  ///
  /// @throws UnusableException if it cannot be read or has another form; never shows it
  public String read() throws UnusableException {
    String text;
    try {
      text = secret.read();
    } catch (IOException e) {
      throw new UnusableException(PeerWords.clean(key + ": " + e.getMessage()));
    }
    if (!form.test(text)) {
      throw new UnusableException(
          "%s: another text, which is not shown (expected: %s)".formatted(key, expected));
    }
    return text;
  }
}
