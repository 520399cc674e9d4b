package dev.sigwarden.settings;

import dev.sigwarden.settings.YamlMapping.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.yaml.snakeyaml.nodes.ScalarNode;

/// What values of one mapping name outside of the configuration: paths, small files, secrets.
final class YamlFiles {
  /// What a secret is when a problem was noted instead.
  private static final Optional<Secret> NO_SECRET =
      Optional.of(() -> {
        throw new IOException("no secret: the configuration has problems");
      });

  private final Reading reading;
  private final YamlMapping mapping;

  YamlFiles(Reading reading, YamlMapping mapping) {
    this.reading = reading;
    this.mapping = mapping;
  }

  /// The path that a key names, made absolute; empty after a problem.
  Optional<Path> path(String key) {
    Optional<String> text = mapping.item(key).flatMap(mapping::text);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = reading.folder().resolve(text.get()).normalize();
      Optional<Path> within = reading.confinement();
      if (within.isPresent() && leavesFolder(path, within.get())) {
        String shown = within.get().getFileName().toString();
        mapping.problem(
            key,
            Printable.quoted(text.get()),
            "a path in the folder %s of this file".formatted(shown));
        return Optional.empty();
      }
      return Optional.of(path);
    } catch (InvalidPathException notPath) {
      mapping.problem(key, Printable.quoted(text.get()), "a path");
      return Optional.empty();
    }
  }

  /// Whether a path is not below the folder, by its words or by where its links lead now.
  static boolean leavesFolder(Path path, Path folder) {
    if (!path.startsWith(folder)) {
      return true;
    }
    try {
      return Files.exists(path) && !path.toRealPath().startsWith(folder.toRealPath());
    } catch (IOException unknown) {
      return true;
    }
  }

  /// The content of the small file that a key names; empty if the key is absent or after a problem.
  Optional<String> content(String key, String meaning) {
    Optional<Path> file = path(key);
    try {
      Optional<String> content =
          file.isEmpty() ? Optional.empty() : Optional.of(Secrets.read(file.get()));
      content.ifPresent(reading.revision()::content);
      return content;
    } catch (IOException notReadable) {
      mapping.problem(key, String.valueOf(notReadable.getMessage()), meaning);
      return Optional.empty();
    }
  }

  /// The secret of a key, or of the file that `key-file` names.
  Optional<Secret> secret(String key) {
    String fileKey = key + "-file";
    Optional<Item> variable = mapping.item(key);
    if (variable.isPresent() && mapping.item(fileKey).isPresent()) {
      mapping.problem(key, "both " + key + " and " + fileKey, "one of them");
      return NO_SECRET;
    }
    if (variable.isPresent()) {
      return fromEnvironment(key, variable.get());
    }
    Optional<Item> named = mapping.item(fileKey);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    // A path that is none is a problem, and the secret not absent.
    return path(fileKey).map(file -> fromFile(fileKey, file)).orElse(NO_SECRET);
  }

  private Optional<Secret> fromEnvironment(String key, Item item) {
    Matcher variable =
        Scalars.ENVIRONMENT.matcher(
            item.node() instanceof ScalarNode scalar ? scalar.getValue() : "");
    if (!variable.matches()) {
      String expected = "${NAME} of an environment variable, or " + key + "-file: PATH";
      mapping.problem(key, "a value that is not shown", expected);
      return NO_SECRET;
    }
    String variableName = variable.group(1);
    Optional<Map<String, String>> environment = reading.environment();
    if (environment.isEmpty()) {
      mapping.problem(
          key,
          "the environment variable %s, in a file that may name none".formatted(variableName),
          key + "-file: PATH");
      return NO_SECRET;
    }
    String value = environment.get().get(variableName);
    if (value == null || value.isBlank()) {
      String state = value == null ? "not set" : "empty";
      mapping.problem(
          key, "the environment variable " + variableName + " is " + state, "a secret in it");
      return NO_SECRET;
    }
    return Optional.of(new Secrets.InEnvironment(variableName, value));
  }

  private Optional<Secret> fromFile(String key, Path file) {
    Secret secret = new Secrets.InFile(file, reading.confinement());
    try {
      secret.read();
    } catch (IOException notReadable) {
      mapping.problem(
          key, String.valueOf(notReadable.getMessage()), "a readable file with the secret");
      return NO_SECRET;
    }
    if (Secrets.open(file)) {
      String shown = Printable.bare(file.toString());
      mapping.warning(key, "others may use " + shown, "mode 0600 or 0400");
    }
    return Optional.of(secret);
  }
}
