package dev.sigwarden.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;

/// The configuration file: one YAML 1.2 document of at most 4 MiB, read strictly and whole.
public final class SettingsFile {
  private SettingsFile() {}

  /// What a file says.
  ///
  /// @param value what the root reader made of it; present only without problems other than
  ///   warnings
  /// @param problems all problems and warnings, by line
  public record Loaded<T>(Optional<T> value, List<Problem> problems) {
    /// Copies the list.
    public Loaded {
      problems = List.copyOf(problems);
    }
  }

  /// Reads the file with the root reader. Whatever is wrong, a missing file included, is a problem
  /// and never an exception.
  ///
  /// @param environment the variables that `${NAME}` secrets are taken from
  public static <T> Loaded<T> load(
      Path file, Function<Section, T> root, Map<String, String> environment) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent() == null ? absolute : absolute.getParent();
    Reading reading = new Reading(Printable.bare(file.toString()), folder, environment);
    Optional<T> value = bytes(absolute, reading).flatMap(bytes -> read(bytes, reading, root));
    return loaded(value, reading);
  }

  /// Reads bytes that stand for the file `name` in `folder`.
  public static <T> Loaded<T> read(
      byte[] bytes,
      String name,
      Path folder,
      Function<Section, T> root,
      Map<String, String> environment) {
    Reading reading = new Reading(name, folder, environment);
    return loaded(read(bytes, reading, root), reading);
  }

  /// The JSON Schema (draft 2020-12) of the files that the root reader accepts. What JSON Schema
  /// cannot say (the bounds of durations, references between sections, files that exist) only the
  /// reader checks.
  public static ObjectNode schema(String title, Function<Section, ?> root) {
    return SchemaSection.describe(title, root);
  }

  private static <T> Optional<T> read(byte[] bytes, Reading reading, Function<Section, T> root) {
    Optional<MappingNode> top = YamlText.parse(bytes, reading);
    return top.flatMap(mapping -> YamlSection.read(reading, "", "", mapping, root));
  }

  private static <T> Loaded<T> loaded(Optional<T> value, Reading reading) {
    List<Problem> problems = reading.problems();
    boolean usable = problems.stream().allMatch(Problem::warning);
    return new Loaded<>(usable ? value : Optional.empty(), problems);
  }

  private static Optional<byte[]> bytes(Path file, Reading reading) {
    if (!Files.exists(file)) {
      reading.problem(0, "", "no such file", "");
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      reading.problem(0, "", "not a regular file", "");
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(YamlText.MAX_BYTES + 1));
    } catch (IOException notReadable) {
      reading.problem(0, "", "cannot be read", "a file that this user may read");
      return Optional.empty();
    }
  }
}
