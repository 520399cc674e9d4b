package dev.sigwarden.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The chart in `helm/`, by Helm's own code.
final class Chart {
  static final Path FOLDER = Path.of("helm").toAbsolutePath();

  static final YAMLMapper YAML = new YAMLMapper();

  /// A copy in which the hooks are objects like all others, since Helm's library leaves them out.
  private static final Path WITH_HOOKS = withHooks();

  private Chart() {}

  private static Path withHooks() {
    try {
      Path copy = Files.createTempDirectory("chart").resolve("helm");
      copy.getParent().toFile().deleteOnExit();
      try (Stream<Path> all = Files.walk(FOLDER)) {
        for (Path file : all.toList()) {
          Path to = copy.resolve(FOLDER.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(to);
          } else if (file.endsWith("tests/check.yaml")) {
            Files.writeString(to, Files.readString(file).replaceAll("(?m)^.*helm.sh/hook.*\n", ""));
          } else {
            Files.copy(file, to);
          }
          to.toFile().deleteOnExit();
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Helm helm() {
    return new Helm(FOLDER);
  }

  /// The objects that Helm makes of an example's values.
  ///
  /// @param values a file in `helm/examples`
  /// @param settings `key=value`, as `--set` takes them
  static List<JsonNode> rendered(String values, String... settings) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(text(values, settings))) {
      while (documents.hasNext()) {
        JsonNode object = documents.next();
        if (object != null && object.isObject()) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  static String text(String values, String... settings) {
    TemplateCommand command =
        new Helm(WITH_HOOKS)
            .template()
            .withName("watch")
            .withNamespace("security")
            .withKubeVersion("v1.33.0")
            .withValuesFile(FOLDER.resolve("examples").resolve(values));
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      command.set(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return command.call();
  }

  /// The one object of that kind.
  static JsonNode one(List<JsonNode> objects, String kind) {
    List<JsonNode> found =
        objects.stream().filter(object -> kind.equals(object.path("kind").asText())).toList();
    if (found.size() != 1) {
      throw new AssertionError(kind + ": " + found.size() + " objects (expected: 1)");
    }
    return found.getFirst();
  }
}
