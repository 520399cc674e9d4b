package dev.sigwarden.notify;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The fields of an alert by name, for forms that have places of their own for them.
public final class AlertFields {
  private static final Pattern SHA256 = Pattern.compile("sha256:([0-9a-f]{64})");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SERIAL = Pattern.compile("[0-9a-fA-F]{1,64}");

  private final Alert alert;

  public AlertFields(Alert alert) {
    this.alert = alert;
  }

  /// Every value of `name` in `group`, in order.
  List<String> all(String group, String name) {
    return alert.groups().getOrDefault(group, List.of()).stream()
        .filter(field -> field.name().equals(name))
        .map(Field::value)
        .toList();
  }

  /// The first value of `name` in `group`; empty text if there is none.
  public String first(String group, String name) {
    return all(group, name).stream().findFirst().orElse("");
  }

  /// SHA-256 digests of artifacts, lowercase hex.
  List<String> artifacts() {
    List<String> hashes = new ArrayList<>();
    for (Field field : alert.groups().getOrDefault("what", List.of())) {
      var digest = SHA256.matcher(field.value());
      if (field.name().startsWith("digest") && digest.matches()) {
        hashes.add(digest.group(1));
      }
    }
    return hashes;
  }

  /// A field that is a SHA-256 hash; empty if it is none.
  Optional<String> hash(String group, String name) {
    return Optional.of(first(group, name)).filter(text -> HASH.matcher(text).matches());
  }

  /// The certificate's serial number in uppercase hex; empty if the entry has none that is one.
  Optional<String> serial() {
    return Optional.of(first("who", "serial"))
        .filter(text -> SERIAL.matcher(text).matches())
        .map(text -> new BigInteger(text, 16).toString(16).toUpperCase(java.util.Locale.ROOT));
  }

  /// A field that is a time; empty if it is none.
  Optional<Instant> time(String group, String name) {
    try {
      return Optional.of(Instant.parse(first(group, name)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
