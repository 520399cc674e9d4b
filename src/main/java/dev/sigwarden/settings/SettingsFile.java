package dev.sigwarden.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;

/// The files of a configuration: each one YAML 1.2 document, 16 MiB in all, read strictly and
/// whole.
public final class SettingsFile {
  /// Readings of a file that somebody is writing; each is as long as a write of it.
  private static final int ATTEMPTS = 3;

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
    top.ifPresent(reading.revision()::main);
    return top.flatMap(mapping -> YamlSection.read(reading, "", "", mapping, root));
  }

  private static <T> Loaded<T> loaded(Optional<T> value, Reading reading) {
    List<Problem> problems = reading.problems();
    boolean usable = problems.stream().allMatch(Problem::warning);
    return new Loaded<>(usable ? value : Optional.empty(), problems);
  }

  /// What a file is like from outside: its bytes changed if this did.
  private record Stamp(FileTime modified, long size, Optional<Object> identity) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          attributes.lastModifiedTime(),
          attributes.size(),
          Optional.ofNullable(attributes.fileKey()));
    }
  }

  /// The bytes of a file that did not change while it was read; empty after a problem.
  static Optional<byte[]> bytes(Path file, Reading reading) {
    if (!Files.exists(file)) {
      reading.problem(0, "", "no such file", "");
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      reading.problem(0, "", "not a regular file", "");
      return Optional.empty();
    }
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Stamp before = Stamp.of(file);
        try (InputStream in = Files.newInputStream(file)) {
          byte[] bytes = in.readNBytes(YamlText.MAX_BYTES + 1);
          if (Stamp.of(file).equals(before)) {
            return Optional.of(bytes);
          }
        }
      }
      reading.problem(0, "", "it changes while it is read", "a file that is written at once");
    } catch (IOException notReadable) {
      reading.problem(0, "", "cannot be read", "a file that this user may read");
    }
    return Optional.empty();
  }

  /// What the files of a configuration look like from outside, the further ones in `folder` beside
  /// the main one included: it is another text once one of them was changed, added or taken away.
  /// Where it cannot be seen, the text says why.
  public static String fingerprint(Path file, String folder) {
    StringBuilder text = new StringBuilder(stamp(file));
    Path beside = file.toAbsolutePath().normalize().resolveSibling(folder);
    if (Files.isDirectory(beside)) {
      try {
        for (Path further : FurtherFiles.list(beside)) {
          text.append('\n').append(further.getFileName()).append(' ').append(stamp(further));
        }
      } catch (IOException notListed) {
        text.append("\nnot listed: ").append(notListed.getMessage());
      }
    }
    return text.toString();
  }

  private static String stamp(Path file) {
    try {
      return Stamp.of(file).toString();
    } catch (IOException e) {
      return "unreadable: " + e.getMessage();
    }
  }
}
